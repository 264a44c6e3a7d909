using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Shell;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("'done'", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("function Stop-It { exit 6 }; Stop-It", 6)]
    [InlineData("throw 'broken'", 1)]
    [InlineData("1 +", 1)]
    [InlineData("param([int] $Number = 'no number')", 1)]
    [InlineData("No-SuchCommand; 'goes on'", 0)]
    [InlineData("[CmdletBinding()] param() $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new(), 'Id', 0, $null))", 0)]
    public async Task A_script_file_ends_with_its_exit_code(string text, int expected)
    {
        using ScriptFile script = new(text);

        EngineResult result = await EngineProcess.RunFileAsync(script.Path);

        Assert.Equal(expected, result.ExitCode);
    }

    [Theory]
    [InlineData("'done'", 0)]
    [InlineData("exit 5", 5)]
    [InlineData("throw 'broken'", 1)]
    [InlineData("1 +", 1)]
    [InlineData("'goes on'; No-SuchCommand", 1)]
    [InlineData("No-SuchCommand; 'goes on'", 0)]
    public async Task A_text_ends_with_its_exit_code_or_that_of_its_last_statement(string text, int expected)
    {
        EngineResult result = await EngineProcess.RunAsync(text);

        Assert.Equal(expected, result.ExitCode);
    }

    [Fact]
    public async Task A_missing_script_fails_and_is_named()
    {
        EngineResult result = await EngineProcess.RunFileAsync("no-such-script.ps1");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no-such-script.ps1", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_to_run_shows_the_usage()
    {
        EngineResult result = await EngineProcess.RunProgramAsync();

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("-Command <text>", result.Errors, StringComparison.Ordinal);
    }
}
