using System.Management.Automation;
using GroupExport.ModuleTests.Engine;
using GroupExport.ModuleTests.Server;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Kick-offs that a server turns away, answers oddly, or takes with conditions.</summary>
public sealed class KickOffTests : IDisposable
{
    private static readonly TimeSpan s_far = TimeSpan.FromSeconds(60);

    private readonly EngineRunspace _engine = new();
    private readonly List<ScriptedCall> _calls = [];
    private readonly ScriptedServer _server;
    private Func<int, ScriptedReply> _answer = _ => new ScriptedReply(400);

    public KickOffTests()
    {
        _server = new ScriptedServer(call =>
        {
            _calls.Add(call);
            return _answer(_calls.Count);
        });
        _engine.Run("$null = Connect-GroupExport -FhirBaseUri \"${root}r4\" -SpecVersion 2", ("root", _server.Root)).AssertNoErrors();
    }

    public void Dispose()
    {
        _engine.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void A_kick_off_that_is_turned_away_waits_for_its_turn_and_says_so()
    {
        _answer = count => count == 1 ? Later("1") : Accepted();

        EngineRun run = _engine.Run("New-GroupExport g -Verbose").AssertNoErrors();

        Assert.Equal(2, _calls.Count);
        Assert.Equal($"{_server.Root}status/1", run.Output.Single().Properties["StatusUrl"].Value);
        Assert.Contains(run.Verbose, line => line.Contains("Sending it again in 1 s", StringComparison.Ordinal));
        Assert.Contains(run.Progress, record => record.Activity == "Waiting to start the export of group g");
        Assert.Equal(ProgressRecordType.Completed, run.Progress[^1].RecordType);
    }

    [Theory]
    [InlineData("0", "1")]
    [InlineData("600", "1", "1200")]
    [InlineData("([timespan]::FromSeconds(30))", "60")]
    public void When_the_time_is_over_the_error_says_what_runs_and_what_to_do(string timeout, params string[] retryAfter)
    {
        _answer = count => Later(retryAfter[count - 1]);

        ErrorRecord error = _engine.Run($"New-GroupExport g -KickOffTimeout {timeout}").Error;

        Assert.Equal("ExportAlreadyRunning,GroupExport.Commands.NewGroupExportCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
        Assert.Contains("-KickOffTimeout", error.ErrorDetails.RecommendedAction);
        Assert.Equal(retryAfter.Length, _calls.Count);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("'-00:00:01'")]
    public void Less_than_no_time_is_refused(string timeout)
    {
        Assert.Equal("InvalidParameter,GroupExport.Commands.NewGroupExportCommand", _engine.Run($"New-GroupExport g -KickOffTimeout {timeout}").Error.FullyQualifiedErrorId);
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_waiting_at_once()
    {
        _answer = _ => Later("250");
        using PowerShell shell = _engine.Prepare("New-GroupExport g");
        Task<PSDataCollection<PSObject>> running = shell.InvokeAsync();
        using CancellationTokenSource patience = new(s_far);
        while (shell.Streams.Progress.Count == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        await shell.StopAsync(null, null).WaitAsync(s_far);

        await Assert.ThrowsAsync<PipelineStoppedException>(() => running.WaitAsync(s_far));
        Assert.Single(_calls);
    }

    [Fact]
    public void Lenient_handling_is_asked_for_and_what_the_server_heeds_is_kept_and_said()
    {
        _answer = _ => Accepted().With("Preference-Applied", "respond-async, handling=lenient");

        EngineRun run = _engine.Run("$job = New-GroupExport g -Lenient -Verbose; $job; [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($job)).PreferenceApplied").AssertNoErrors();

        Assert.Equal("respond-async, handling=lenient", _calls.Single().Headers["Prefer"]);
        Assert.Equal("respond-async, handling=lenient", run.Output[0].Properties["PreferenceApplied"].Value);
        Assert.Equal("respond-async, handling=lenient", run.Output[1].BaseObject);
        Assert.Contains(run.Verbose, line => line.Contains("handling=lenient", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200, null, "KickOffRejected", "202 is the only success")]
    [InlineData(302, "/elsewhere/r4", "KickOffRejected", "/elsewhere/r4")]
    [InlineData(202, null, "StatusUrlMissing", "no status URL")]
    [InlineData(202, "projects/p/operations/1", "StatusUrlMissing", "'projects/p/operations/1'")]
    public void An_odd_answer_has_a_clear_error_with_the_servers_ids(int status, string? location, string id, string words)
    {
        ScriptedReply reply = new ScriptedReply(status).With("X-Request-Id", "r-1").With("X-Correlation-Id", "c-1");
        _answer = _ => location is null ? reply : reply.With(status == 202 ? "Content-Location" : "Location", location);

        ErrorRecord error = _engine.Run("New-GroupExport g").Error;

        Assert.Equal($"{id},GroupExport.Commands.NewGroupExportCommand", error.FullyQualifiedErrorId);
        Assert.Contains(words, error.ErrorDetails.Message);
        PSObject failure = PSObject.AsPSObject(error.Exception);
        Assert.Equal(("r-1", "c-1"), (failure.Properties["RequestId"].Value, failure.Properties["CorrelationId"].Value));
        Assert.Single(_calls);
    }

    [Fact]
    public void An_error_of_Redox_inside_a_200_shows_its_words_and_log_id()
    {
        _answer = _ => new ScriptedReply(200, """{"Meta":{"Logs":[{"ID":"log-1"}],"Errors":[{"ID":1,"Text":"Request could not be delivered","Type":"transmission"}]}}""");

        ErrorRecord error = _engine.Run("New-GroupExport g").Error;

        Assert.Equal("KickOffRejected,GroupExport.Commands.NewGroupExportCommand", error.FullyQualifiedErrorId);
        Assert.Contains("Request could not be delivered, Redox log log-1", error.ErrorDetails.Message);
        Assert.Equal(["log-1"], (IEnumerable<string>)PSObject.AsPSObject(error.Exception).Properties["RedoxLogIds"].Value);
        Assert.Single(_calls);
    }

    [Fact]
    public void A_running_export_that_a_429_names_can_be_piped_from_the_error()
    {
        _answer = count => count == 1 ? Later("1").With("Content-Location", $"{_server.Root}status/7?job=7") : new ScriptedReply(202);

        EngineRun run = _engine.Run("New-GroupExport g -KickOffTimeout 0 -ErrorAction SilentlyContinue -ErrorVariable failed; $failed[0].TargetObject | Get-ExportStatus");

        Assert.Equal($"{_server.Root}status/7?job=7", run.Output.Single().Properties["StatusUrl"].Value);
        Assert.Equal(2, _calls.Count);
    }

    [Fact]
    public void A_job_is_emitted_before_its_warning_ends_the_pipeline()
    {
        _answer = _ => new ScriptedReply(200).With("Content-Location", $"{_server.Root}status/1");

        EngineRun run = _engine.Run("try { New-GroupExport g -WarningAction Stop -OutVariable kept | Out-Null } catch { $_.FullyQualifiedErrorId }; $kept.StatusUrl");

        Assert.Contains("ActionPreferenceStop", (string)run.Output[0].BaseObject);
        Assert.Equal($"{_server.Root}status/1", run.Output[1].BaseObject);
    }

    private static ScriptedReply Later(string retryAfter) => new ScriptedReply(429).With("Retry-After", retryAfter);

    private ScriptedReply Accepted() => new ScriptedReply(202).With("Content-Location", $"{_server.Root}status/1");
}
