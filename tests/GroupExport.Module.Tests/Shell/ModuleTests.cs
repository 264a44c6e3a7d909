using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Shell;

public sealed class ModuleTests
{
    [Fact]
    public async Task The_staged_module_loads_when_one_of_its_cmdlets_is_named()
    {
        EngineResult result = await EngineProcess.RunAsync(
            "$null = Get-GroupExportConnection -ErrorAction Ignore; (Get-Module GroupExport).ModuleBase");

        string folder = Assert.Single(result.OutputLines);
        Assert.StartsWith(
            Path.GetFullPath(Path.Combine(BuildFacts.RepositoryRoot, "output")), Path.GetFullPath(folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quickstart_succeeds_and_shows_a_table_of_saved_files()
    {
        EngineResult result = await EngineProcess.RunFileAsync(
            Path.Combine(BuildFacts.RepositoryRoot, "samples", "quickstart.ps1"));

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("Patient.0001.ndjson", result.Output, StringComparison.Ordinal);
        Assert.Contains("as many as the manifest says", result.OutputLines[^1], StringComparison.Ordinal);
    }
}
