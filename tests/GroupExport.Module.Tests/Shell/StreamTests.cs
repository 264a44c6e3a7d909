using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Shell;

public sealed class StreamTests
{
    [Fact]
    public async Task Output_warnings_verbose_and_debug_lines_go_to_stdout_without_colours()
    {
        EngineResult result = await EngineProcess.RunAsync("""
            $PSStyle.Formatting.Warning + 'plain' + $PSStyle.Reset
            function Write-All {
                [CmdletBinding()] param()
                $PSCmdlet.WriteWarning('careful')
                $PSCmdlet.WriteVerbose('in short')
                $PSCmdlet.WriteDebug('in depth')
            }
            $DebugPreference = 'Continue'
            Write-All -Verbose
            """);

        Assert.Equal(["plain", "WARNING: careful", "VERBOSE: in short", "DEBUG: in depth"], result.OutputLines);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public async Task Errors_go_to_stderr_with_their_position_in_the_script()
    {
        using ScriptFile script = new("\n'before'\nthrow 'broken'");

        EngineResult result = await EngineProcess.RunFileAsync(script.Path);

        Assert.Equal("before", Assert.Single(result.OutputLines));
        Assert.Contains("broken", result.Errors, StringComparison.Ordinal);
        Assert.Contains(script.Path + ":3", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Errors);
    }

    [Fact]
    public async Task Errors_that_do_not_end_the_script_go_to_stderr()
    {
        EngineResult result = await EngineProcess.RunAsync("No-SuchCommand; 'after'");

        Assert.Equal("after", Assert.Single(result.OutputLines));
        Assert.Contains("No-SuchCommand", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirected_progress_is_a_line_of_stderr_for_what_changed()
    {
        EngineResult result = await EngineProcess.RunAsync("""
            function Show-Progress {
                [CmdletBinding()] param()
                foreach ($percent in 1..50) {
                    $record = [Management.Automation.ProgressRecord]::new(1, 'Saving', 'eleven files')
                    $record.PercentComplete = $percent
                    $PSCmdlet.WriteProgress($record)
                }
            }
            Show-Progress
            """);

        Assert.Equal("Saving: eleven files 1 %", result.Errors.Trim());
    }

    [Fact]
    public async Task A_script_that_asks_fails_instead_of_waiting()
    {
        EngineResult result = await EngineProcess.RunAsync("$Host.UI.ReadLine()");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("never prompts", result.Errors, StringComparison.Ordinal);
    }
}
