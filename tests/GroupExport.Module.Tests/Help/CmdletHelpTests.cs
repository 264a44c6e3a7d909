using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Help;

/// <summary>Get-Help on the staged module tells all about each cmdlet, and nothing that is not so.</summary>
public sealed class CmdletHelpTests(CmdletHelpTests.Session session) : IClassFixture<CmdletHelpTests.Session>
{
    public static TheoryData<string> Cmdlets => [.. ExportedCmdlets.Names];

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Each_cmdlet_has_a_synopsis_a_description_inputs_outputs_and_links(string cmdlet)
    {
        ShownHelp help = session.Help(cmdlet);

        Assert.Equal(cmdlet, help.Name);
        // Without help PowerShell shows the syntax here.
        Assert.DoesNotContain(cmdlet, help.Synopsis, StringComparison.Ordinal);
        Assert.EndsWith(".", help.Synopsis, StringComparison.Ordinal);
        Assert.NotEmpty(help.Description);
        Assert.NotEmpty(help.Inputs);
        Assert.All(help.Inputs, input => Assert.NotEmpty(ShownHelp.TextOf(input, "type", "name")));
        Assert.NotEmpty(help.Outputs);
        Assert.All(help.Outputs, output => Assert.NotEmpty(ShownHelp.TextOf(output, "type", "name")));
        Assert.NotEmpty(help.Links);
        Assert.All(help.Links, link => Assert.NotEmpty(ShownHelp.TextOf(link, "linkText")));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Each_parameter_has_a_text_and_no_other_is_told_of(string cmdlet)
    {
        ShownHelp help = session.Help(cmdlet);

        Assert.Equal(help.ActualParameters.Select(parameter => parameter.Name).Order(), help.Parameters.Select(parameter => ShownHelp.TextOf(parameter, "name")).Order());
        Assert.All(help.Parameters, parameter => Assert.NotEmpty(ShownHelp.TextOf(parameter, "description")));
        foreach ((PSObject told, ParameterMetadata actual) in help.Parameters.Join(
            help.ActualParameters, told => ShownHelp.TextOf(told, "name"), actual => actual.Name, (told, actual) => (told, actual)))
        {
            string[] aliases = ShownHelp.TextOf(told, "aliases").Split(", ");
            Assert.Equal(actual.Aliases.DefaultIfEmpty("none").Order(), aliases.Order());
            Assert.Equal((Nullable.GetUnderlyingType(actual.ParameterType) ?? actual.ParameterType).Name, ShownHelp.TextOf(told, "type", "name"));
            Assert.Equal(actual.ParameterSets.Values.Any(set => set.ValueFromPipeline), ShownHelp.TextOf(told, "pipelineInput").Contains("ByValue", StringComparison.Ordinal));
            Assert.Equal(
                actual.ParameterSets.Values.Any(set => set.ValueFromPipelineByPropertyName),
                ShownHelp.TextOf(told, "pipelineInput").Contains("ByPropertyName", StringComparison.Ordinal));
            Assert.Equal(
                actual.ParameterSets.Values.Select(set => set.Position < 0 ? "named" : $"{set.Position}").First(),
                ShownHelp.TextOf(told, "position"));
            Assert.Equal(actual.Attributes.OfType<SupportsWildcardsAttribute>().Any(), ShownHelp.TextOf(told, "globbing") == "true");
            Assert.All(AcceptedValues(actual), value => Assert.Matches($@"Accepted values: .*\b{value}\b", ShownHelp.TextOf(told, "description")));
        }
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_syntax_is_that_of_the_parameter_sets(string cmdlet)
    {
        ShownHelp help = session.Help(cmdlet);

        Assert.Equal(
            help.ActualSets.Select(set => Names(set.Parameters.Where(parameter => !PSCmdlet.CommonParameters.Contains(parameter.Name)).Select(parameter => parameter.Name))).Order(),
            help.Syntax.Select(item => Names(
                item.Properties["parameter"] is { Value: var parameters } ? LanguagePrimitives.GetEnumerable(parameters)?.Cast<object>().Select(One) ?? [One(parameters)] : [])).Order());
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void The_examples_are_those_that_are_written_each_with_a_remark(string cmdlet)
    {
        ShownHelp help = session.Help(cmdlet);

        Assert.True(help.Examples.Count >= 3, $"There are {help.Examples.Count} examples.");
        Assert.Equal(WrittenHelp.Code(cmdlet).Select(code => code.Text), help.Examples.Select(example => ShownHelp.TextOf(example, "code").ReplaceLineEndings("\n")));
        Assert.All(help.Examples, example => Assert.NotEmpty(ShownHelp.TextOf(example, "remarks")));
    }

    private static IEnumerable<string> AcceptedValues(ParameterMetadata parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.Attributes.OfType<ValidateSetAttribute>().SelectMany(set => set.ValidValues).Concat(type.IsEnum ? Enum.GetNames(type) : [])
            .Concat(parameter.Attributes.OfType<ValidateRangeAttribute>().SelectMany(range => new[] { $"{range.MinRange}", $"{range.MaxRange}" }));
    }

    private static string Names(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    private static string One(object parameter) => ShownHelp.TextOf(PSObject.AsPSObject(parameter), "name");

    /// <summary>One runspace for all that is only looked at.</summary>
    public sealed class Session : IDisposable
    {
        private readonly EngineRunspace _engine = new();

        public void Dispose() => _engine.Dispose();

        internal ShownHelp Help(string cmdlet) => new(_engine, cmdlet);
    }
}
