using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Filters that a server would pass over in silence are spoken of before they are sent.</summary>
public sealed class TypeFilterTests : SandboxRunspace
{
    private const string New = "GroupExport.Commands.NewGroupExportCommand";
    private const string OpenFhir = "$null = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -ClientId $sandbox.ClientId -PrivateKey $sandbox.PrivateKey -TokenUri $sandbox.TokenUri";

    [Theory]
    [InlineData("'Observation'", "InvalidParameter", "question mark")]
    [InlineData("'Patient?gender=female', '/Observation?status=secret'", "InvalidParameter", "Type filter 2 begins with a URL")]
    [InlineData("'Observation?_sort=secret'", "InvalidParameter", "_sort")]
    [InlineData("'Observation?_include=secret'", "InvalidParameter", "_include")]
    [InlineData("'Observation,Condition?code=secret'", "InvalidParameter", "several types")]
    [InlineData("'?status=secret'", "InvalidParameter", "resource type")]
    [InlineData("'Observaton?status=secret'", "UnknownResourceType", "Did you mean Observation?")]
    public void One_that_breaks_a_rule_is_an_error_and_nothing_is_sent(string filters, string id, string said)
    {
        EngineRun run = Run($"New-GroupExport $sandbox.GroupId -TypeFilter {filters}");

        Assert.Equal($"{id},{New}", run.Error.FullyQualifiedErrorId);
        Assert.NotNull(run.Error.TargetObject);
        Assert.Contains(said, run.Error.ToString());
        Assert.DoesNotContain("secret", $"{run.Error} {run.Error.Exception} {run.Error.TargetObject}");
        Assert.Empty(Arrived);
    }

    [Fact]
    public void An_unknown_parameter_warns_with_near_names_and_the_request_goes_out()
    {
        EngineRun run = Run("New-GroupExport $sandbox.GroupId -TypeFilter 'Observation?statuss=planted-value' -Verbose");

        string warning = Assert.Single(run.Warnings);
        Assert.Contains("'statuss'", warning);
        Assert.Contains("status?", warning);
        Assert.Single(Arrived, request => request.EndsWith("$export", StringComparison.Ordinal));
        Assert.All([.. run.Warnings, .. run.Verbose, .. run.AllErrors.Select(error => error.ToString())], line => Assert.DoesNotContain("planted", line));
    }

    [Fact]
    public void A_server_that_is_asked_for_its_version_is_taken_at_its_word_on_search_parameters_too()
    {
        EngineRun run = Run($"{OpenFhir}; $null = New-GroupExport $sandbox.GroupId -Type Observation -TypeFilter 'Observation?value-date=planted', 'Observation?status=final&_tag=x' -Lenient").AssertNoErrors();

        Assert.Contains("does not list 'value-date' among its search parameters of Observation", Assert.Single(run.Warnings));
        Assert.Single(Arrived, request => request.EndsWith("/metadata", StringComparison.Ordinal));
        Assert.Single(Arrived, request => request.EndsWith("$export", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-SpecVersion 3", "")]
    [InlineData("", "-WhatIf")]
    public void A_server_is_not_asked_for_its_search_parameters_alone(string connect, string kickOff)
    {
        EngineRun run = Run($"{OpenFhir} {connect}; $null = New-GroupExport $sandbox.GroupId -TypeFilter 'Observation?value-date=planted' -Lenient {kickOff}").AssertNoErrors();

        Assert.Empty(run.Warnings);
        Assert.DoesNotContain(Arrived, request => request.EndsWith("/metadata", StringComparison.Ordinal));
    }

    [Fact]
    public void A_filter_of_a_type_that_is_not_exported_warns()
    {
        EngineRun run = Run("New-GroupExport $sandbox.GroupId -Type Patient -TypeFilter 'Observation?status=final' -WhatIf; 'Observation' | New-GroupExport $sandbox.GroupId -TypeFilter 'Observation?status=final' -WhatIf").AssertNoErrors();

        Assert.Contains("filters of Observation", Assert.Single(run.Warnings));
    }

    [Fact]
    public void Good_filters_draw_nothing_and_chains_a_verbose_line()
    {
        EngineRun good = Run("New-GroupExport $sandbox.GroupId -Type Observation -TypeFilter 'Observation?code:in=x&date=ge2026-01-01' -WhatIf -Verbose").AssertNoErrors();
        EngineRun chained = Run("New-GroupExport $sandbox.GroupId -TypeFilter 'Observation?subject.name=planted' -WhatIf -Verbose").AssertNoErrors();

        Assert.Empty(good.Warnings);
        Assert.DoesNotContain(good.Verbose, line => line.Contains("experimental", StringComparison.Ordinal));
        Assert.Empty(chained.Warnings);
        Assert.Single(chained.Verbose, line => line.Contains("experimental", StringComparison.Ordinal));
    }

    [Fact]
    public void A_type_in_another_case_is_sent_in_the_spelling_of_R4()
    {
        Run("$null = New-GroupExport $sandbox.GroupId -TypeFilter 'observation?status=final'").AssertNoErrors();

        Assert.Contains("\"Observation?status=final\"", (string)Assert.Single(Requests).Properties["Body"].Value);
    }
}
