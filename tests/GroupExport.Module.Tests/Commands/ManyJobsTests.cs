using System.Diagnostics;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Many exports at once.</summary>
public sealed class ManyJobsTests() : SandboxRunspace("-PatientCount 1 -ExportDuration 3 -RetryAfter 1")
{
    [Fact]
    public async Task Five_hundred_jobs_are_waited_for_by_one_command_without_a_thread_each()
    {
        Run("$jobs = 1..500 | ForEach-Object { New-GroupExport $sandbox.GroupId -Type Patient }").AssertNoErrors();
        int most = 0;
        using CancellationTokenSource done = new();
        Task watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                most = Math.Max(most, Process.GetCurrentProcess().Threads.Count);
                await Task.Delay(20);
            }
        });

        EngineRun run = Run("$jobs | Get-ExportStatus -Wait").AssertNoErrors();
        await done.CancelAsync();
        await watching;

        Assert.Equal(500, run.Output.Count);
        Assert.All(run.Output, status => Assert.Equal("Complete", status.Properties["State"].Value));
        Assert.InRange(most, 1, 150);
    }

    [Theory]
    [InlineData("-MinPollInterval 0", "MinPollInterval")]
    [InlineData("-MinPollInterval 10 -MaxPollInterval 5", "MaxPollInterval")]
    [InlineData("-MaxPollInterval 1.00:00:01", "MaxPollInterval")]
    [InlineData("-MaxRetryAfter -1", "MaxRetryAfter")]
    [InlineData("-MaxRetryAfter 50.00:00:00", "MaxRetryAfter")]
    [InlineData("-Timeout -1", "Timeout")]
    [InlineData("-TransientTimeout -1", "TransientTimeout")]
    public void Times_that_do_not_go_together_are_refused_before_anything_is_asked(string parameters, string target)
    {
        foreach (string command in new[] { "Get-ExportStatus -Wait", "Save-ExportFiles $out" })
        {
            EngineRun run = Run($"$sandbox.ClearRequests(); \"$($sandbox.BaseUri)x\" | {command} {parameters}");

            Assert.StartsWith("InvalidParameter,", run.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal(target, run.Error.TargetObject);
            Assert.Empty(Requests);
        }
    }
}
