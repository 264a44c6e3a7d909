using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Shell;

public sealed class InterruptTests
{
    [Theory]
    [InlineData("while ($true) { }")]
    [InlineData("[Threading.Thread]::Sleep(-1)")]
    public async Task Ctrl_C_ends_an_endless_script_with_130(string endless)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using EngineProcess process = EngineProcess.Start("'started'; " + endless);
        await process.WaitForOutputAsync("started");

        EngineResult result = await process.InterruptAsync();

        Assert.Equal(130, result.ExitCode);
    }

    [Fact]
    public async Task Ctrl_C_lets_finally_blocks_run()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using EngineProcess process = EngineProcess.Start(
            "try { $Host.UI.WriteLine('started'); while ($true) { } } finally { $Host.UI.WriteLine('cleaned up') }");
        await process.WaitForOutputAsync("started");

        EngineResult result = await process.InterruptAsync();

        Assert.Contains("cleaned up", result.OutputLines);
    }
}
