using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Completion;

/// <summary>A press of Tab is no reason to load a library of megabytes.</summary>
public sealed class FreshCompletionTests
{
    [Fact]
    public async Task Completing_loads_no_FHIR_library()
    {
        ShellResult result = await FreshPowerShell.RunAsync($$"""
            Import-Module '{{BuildFacts.StagedModule}}'
            foreach ($line in 'New-GroupExport g -Type P', 'New-GroupExport g -TypeFilter Observation?', 'New-GroupExport g -Element Patient.',
                'New-GroupExport g -OrganizeOutputBy P', 'New-GroupExport g -IncludeAssociatedData L', 'Connect-GroupExport -EnvironmentFlag D', 'Start-ExportSandbox -Fault S') {
                $found = [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null, [powershell]::Create('CurrentRunspace'))
                "offers: $($found.CompletionMatches.Count -gt 0)"
            }
            [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { "loaded: $($_.GetName().Name)" }
            """);

        Assert.Equal(Enumerable.Repeat("offers: True", 7), result.OutputLines.Where(line => line.StartsWith("offers", StringComparison.Ordinal)));
        string[] loaded = [.. result.OutputLines.Where(line => line.StartsWith("loaded", StringComparison.Ordinal))];
        Assert.Contains("loaded: GroupExport.Core", loaded);
        Assert.DoesNotContain(loaded, line => line.Contains("Fhir.", StringComparison.Ordinal));
    }
}
