using System.Management.Automation;
using System.Management.Automation.Language;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Completion;

/// <summary>What the engine offers for a command line; <c>|</c> is where the cursor stands.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly EngineRunspace _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("New-GroupExport g -Type MedicationR|", "MedicationRequest")]
    [InlineData("New-GroupExport g -Type Patient, MedicationR|", "MedicationRequest")]
    [InlineData("New-GroupExport g -OrganizeOutputBy Pat|", "Patient")]
    [InlineData("New-GroupExport g -IncludeAssociatedData |", "LatestProvenanceResources", "RelevantProvenanceResources")]
    [InlineData("New-GroupExport g -IncludeAssociatedData 'rel|'", "'RelevantProvenanceResources'")]
    [InlineData("Connect-GroupExport -EnvironmentFlag s|", "Staging")]
    [InlineData("New-GroupExport g -Element Pat|", "Patient.")]
    [InlineData("New-GroupExport g -Element Patient.b|", "Patient.birthDate")]
    [InlineData("New-GroupExport g -Element 'patient.b|'", "'Patient.birthDate'")]
    [InlineData("New-GroupExport g -Element Patient.name, Patient.b|", "Patient.birthDate")]
    [InlineData("New-GroupExport g -Element m|", "meta", "Measure.", "MeasureReport.", "Media.", "Medication.")]
    [InlineData("New-GroupExport g -Element b|", "Basic.", "Binary.", "BiologicallyDerivedProduct.", "BodyStructure.", "Bundle.")]
    [InlineData("New-GroupExport g -Type Patient -Element b|", "birthDate")]
    [InlineData("New-GroupExport g -Element val| -Type Observation, 'Goal'", "value")]
    [InlineData("New-GroupExport g -Element Pateint.|")]
    [InlineData("New-GroupExport g -TypeFilter Obs|", "Observation?", "ObservationDefinition?")]
    [InlineData("New-GroupExport g -Type Observation -TypeFilter Obs|", "Observation?")]
    [InlineData("New-GroupExport g -TypeFilter | -Type Goal, Observation", "Goal?", "Observation?")]
    [InlineData("New-GroupExport g -TypeFilter Observation?cat|", "Observation?category=")]
    [InlineData("New-GroupExport g -TypeFilter 'Observation?cat|", "'Observation?category='")]
    [InlineData("New-GroupExport g -TypeFilter 'observation?cat|'", "'observation?category='")]
    [InlineData("New-GroupExport g -TypeFilter \"Observation?cat|\"", "\"Observation?category=\"")]
    [InlineData("New-GroupExport g -TypeFilter 'Observation?code=4548-4&_lastU|'", "'Observation?code=4548-4&_lastUpdated='")]
    [InlineData("New-GroupExport g -TypeFilter 'Observation?code=it''s&cat|'", "'Observation?code=it''s&category='")]
    [InlineData("New-GroupExport g -TypeFilter \"Observation?code=a`$b&cat|\"", "\"Observation?code=a`$b&category=\"")]
    [InlineData("New-GroupExport g -TypeFilter Observation?code=a'&'cat|", "'Observation?code=a&category='")]
    [InlineData("New-GroupExport g -TypeFilter Goal?start-date=ge2026-01-01,Observation?cat|", "Observation?category=")]
    public void Words_are_offered(string line, params string[] expected)
    {
        IEnumerable<CompletionResult> offered = Complete(line);

        // The first five tell enough of a long list.
        Assert.Equal(expected, offered.Take(5).Select(offer => offer.CompletionText));
        Assert.All(offered, offer => Assert.NotEqual("", offer.ToolTip));
    }

    [Theory]
    [InlineData("New-GroupExport g -Type Patient -Element b|", 1)]
    [InlineData("New-GroupExport g -TypeFilter Observation?cat|", 1)]
    [InlineData("New-GroupExport g -TypeFilter 'Observation?category=x&category=y&code|'", 5)]
    public void No_more_than_fits_is_offered(string line, int count) => Assert.Equal(count, Complete(line).Count);

    [Fact]
    public void What_stands_between_question_mark_and_cursor_stays_though_a_variable_has_a_value()
    {
        CompletionResult offer = Assert.Single(Complete("New-GroupExport g -TypeFilter \"Observation?date=ge$since&cat|\"", ("since", "2026-01-01")));

        Assert.Equal("\"Observation?date=ge$since&category=\"", offer.CompletionText);
    }

    [Fact]
    public void Nothing_is_offered_where_a_variable_could_be_lost() =>
        Assert.Empty(Complete("New-GroupExport g -TypeFilter \"Observation?date=ge$since&cat|\" -FacilityCode \"Observation?date=ge$until&cat\""));

    [Theory]
    [InlineData("New-GroupExport g -TypeFilter 'Observation?code=it''s&|'")]
    [InlineData("New-GroupExport g -TypeFilter \"Observation?code=a`$b&|\"")]
    [InlineData("New-GroupExport g -TypeFilter Observation?|")]
    [InlineData("New-GroupExport g -TypeFilter |")]
    [InlineData("New-GroupExport g -Element Observation.|")]
    [InlineData("New-GroupExport g -Element |")]
    public void Each_offer_is_one_argument_when_it_is_put_in_its_place(string line)
    {
        foreach (CompletionResult offer in Complete(line))
        {
            string[] words = [.. Arguments($"New-GroupExport g -TypeFilter {offer.CompletionText}")];

            string value = words[^1];
            Assert.Equal(4, words.Length);
            Assert.EndsWith(offer.ListItemText, value.TrimEnd('=', '?', '.'));
        }
    }

    [Fact]
    public void A_parameters_own_name_comes_before_longer_ones_and_those_of_all_types_last()
    {
        string[] names = [.. Complete("New-GroupExport g -TypeFilter 'Observation?|'").Select(offer => offer.ListItemText)];

        Assert.True(Array.IndexOf(names, "code") < Array.IndexOf(names, "code-value-concept"));
        Assert.All(names[^12..], name => Assert.StartsWith("_", name));
    }

    [Fact]
    public void The_tooltip_says_how_a_value_is_written()
    {
        CompletionResult offer = Assert.Single(Complete("New-GroupExport g -TypeFilter Observation?value-d|"));

        Assert.Equal("Observation by value-date: a date or instant, such as ge2026-01-01", offer.ToolTip);
    }

    private List<CompletionResult> Complete(string line, params (string Name, object? Value)[] variables)
    {
        int cursor = line.IndexOf('|', StringComparison.Ordinal);
        using PowerShell shell = _engine.Prepare("", variables);
        return [.. CommandCompletion.CompleteInput(line.Remove(cursor, 1), cursor, options: null, shell).CompletionMatches
            .Where(match => match.ResultType == CompletionResultType.ParameterValue)];
    }

    private static IEnumerable<string> Arguments(string line)
    {
        ScriptBlockAst script = Parser.ParseInput(line, out _, out ParseError[] errors);
        Assert.Empty(errors);
        CommandAst command = Assert.IsType<CommandAst>(Assert.Single(Assert.IsType<PipelineAst>(Assert.Single(script.EndBlock.Statements)).PipelineElements));
        return command.CommandElements.Select(element => element is CommandParameterAst parameter ? parameter.ParameterName : element.SafeGetValue().ToString()!);
    }
}
