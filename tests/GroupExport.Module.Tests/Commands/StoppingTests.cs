using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Ctrl+C, Select-Object -First and -ErrorAction Stop end the work that runs beside the pipeline, and lose nothing.</summary>
public sealed class StoppingTests() : SandboxRunspace("-PatientCount 30 -ExportDuration 0.2 -RetryAfter 0 -BytesPerSecond 2000")
{
    private static readonly TimeSpan s_far = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ctrl_C_while_saving_leaves_a_receipt_that_finishes_the_export_without_a_second_kick_off()
    {
        await StopWhenAsync("New-GroupExport $sandbox.GroupId -Type Patient, Observation | Save-ExportFiles $out", () => Directory.Exists(Out) && Directory.GetFiles(Out, "*.part").Length > 0);

        Assert.Empty(Directory.GetFiles(Out, "*.ndjson"));
        Assert.Equal("Incomplete", Run("Get-ExportReceipt $out").Value("State"));

        // The same server, unhindered: a sandbox cannot change its speed, so the rest is small.
        Run("(Get-ExportReceipt $out | Get-ExportStatus -Wait).Files | Where-Object Type -EQ Patient | Save-ExportFiles $out").AssertNoErrors();
        Assert.Equal(30, File.ReadAllLines(Path.Combine(Out, "Patient.0001.ndjson")).Length);
        Assert.Single(Arrived, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_C_while_waiting_ends_the_waiting_and_the_job_goes_on()
    {
        Run("$slow = Start-ExportSandbox -PatientCount 1 -ExportDuration 3600 -RetryAfter 3000; $null = $slow | Connect-GroupExport; $job = New-GroupExport $slow.GroupId").AssertNoErrors();

        await StopWhenAsync("$job | Get-ExportStatus -Wait", () => true);

        Assert.Equal("InProgress", Run("$job | Get-ExportStatus").Value("State"));
        Run("$slow | Stop-ExportSandbox");
    }

    [Fact]
    public void The_time_to_wait_is_given_in_seconds_and_leaves_the_job_alive()
    {
        Run("$slow = Start-ExportSandbox -PatientCount 1 -ExportDuration 3600 -RetryAfter 3000; $null = $slow | Connect-GroupExport; $job = New-GroupExport $slow.GroupId").AssertNoErrors();

        EngineRun run = Run("$job | Get-ExportStatus -Wait -Timeout 1");

        Assert.Equal("WaitTimeout,GroupExport.Commands.GetExportStatusCommand", run.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.OperationTimeout, run.Error.CategoryInfo.Category);
        Assert.Equal("InProgress", Run("$job | Get-ExportStatus").Value("State"));
        Run("$slow | Stop-ExportSandbox");
    }

    [Fact]
    public void An_error_with_ErrorAction_Stop_ends_the_other_waits()
    {
        Run("$slow = Start-ExportSandbox -PatientCount 1 -ExportDuration 3600 -RetryAfter 3000; $null = $slow | Connect-GroupExport; $job = New-GroupExport $slow.GroupId; $gone = New-GroupExport $slow.GroupId; $gone | Remove-GroupExport").AssertNoErrors();

        EngineRun run = Run("$job, $gone | Get-ExportStatus -Wait -ErrorAction Stop");

        Assert.Equal("JobNotFound,GroupExport.Commands.GetExportStatusCommand", run.Terminating?.FullyQualifiedErrorId);
        Run("$slow | Stop-ExportSandbox");
    }

    [Fact]
    public void Select_Object_First_starts_no_export_that_nobody_takes()
    {
        EngineRun run = Run("New-GroupExport $sandbox.GroupIds | ForEach-Object { $_; break }");

        Assert.Single(run.Output);
        Assert.Single(Arrived);
    }

    [Fact]
    public void A_script_block_for_a_path_lets_the_first_job_start_before_the_last_is_there()
    {
        EngineRun run = Run("""
            $first = New-GroupExport $sandbox.GroupId -Type Organization | Get-ExportStatus -Wait
            & {
                $first
                for ($looks = 0; $looks -lt 15000 -and -not $script:seen; $looks++) {
                    [Threading.Thread]::Sleep(20)
                    $script:seen = [IO.File]::Exists("$out/$($first.GroupId)/Organization.0001.ndjson")
                }
            } | Save-ExportFiles -Path { "$out/$($_.GroupId)" }
            "seen: $seen"
            """);

        run.AssertNoErrors();
        Assert.Equal("seen: True", run.Output[^1].BaseObject);
    }

    private async Task StopWhenAsync(string script, Func<bool> reached)
    {
        using PowerShell shell = Engine.Prepare(script);
        Task<PSDataCollection<PSObject>> running = shell.InvokeAsync();
        using CancellationTokenSource patience = new(s_far);
        while (!reached() && !running.IsCompleted)
        {
            await Task.Delay(20, patience.Token);
        }

        Assert.False(running.IsCompleted, "The pipeline ended before it could be stopped.");
        await shell.StopAsync(null, null).WaitAsync(s_far);
        await Assert.ThrowsAsync<PipelineStoppedException>(() => running.WaitAsync(s_far));
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
    }
}
