using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>DELETE of a job.</summary>
public sealed class JobRemovalTests
{
    private const string RedoxErrors = """{"Meta":{"Logs":[{"ID":"log-1"}],"Errors":[{"Text":"the words of Redox","Type":"transmission"}]}}""";

    private readonly Reports _reports = new();
    private readonly SkippingClock _clock = new();

    [Theory]
    [InlineData(202, true)]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    public async Task A_job_that_is_gone_already_is_no_failure(int status, bool known)
    {
        await using RecordingServer server = new(Answer.Plain(status));

        Assert.Equal(known, await RemoveAsync(server));

        Arrival arrival = Assert.Single(server.Arrivals);
        Assert.Equal("DELETE", arrival.Verb);
        Assert.Equal("/status/1?x=1", arrival.Target);
        Assert.Equal("application/json", arrival.Header("Accept"));
    }

    [Theory]
    [InlineData(401, ExportErrorKind.TokenRejected)]
    [InlineData(403, ExportErrorKind.RemovalFailed)]
    [InlineData(500, ExportErrorKind.RemovalFailed)]
    public async Task A_refusal_is_told_in_the_servers_words(int status, ExportErrorKind kind)
    {
        await using RecordingServer server = new(Answer.Outcome(status, "still in use"));

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => RemoveAsync(server));

        Assert.Equal(kind, failure.Kind);
        Assert.Equal("still in use", failure.ServerMessage);
    }

    [Fact]
    public async Task A_cut_connection_is_a_failure_after_which_trying_again_is_safe()
    {
        await using RecordingServer server = new(Answer.HangUp);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => RemoveAsync(server));

        Assert.Equal(ExportErrorKind.RemovalFailed, failure.Kind);
        Assert.Contains("safe to try again", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using RecordingServer server = new(Answer.Redirect(status, "/other"), Answer.Plain(202));

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => RemoveAsync(server));

        Assert.Equal(ExportErrorKind.RemovalFailed, failure.Kind);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(200)]
    [InlineData(204)]
    public async Task A_success_with_words_in_it_is_done(int status)
    {
        await using RecordingServer server = new(Answer.Outcome(status, "deleted", "informational", "information"));

        Assert.True(await RemoveAsync(server));
        Assert.Empty(_reports.Of<Caution>());
    }

    [Fact]
    public async Task A_202_with_errors_in_it_is_done_with_a_warning()
    {
        await using RecordingServer server = new(Answer.Json(RedoxErrors, 202));

        Assert.True(await RemoveAsync(server));
        Assert.Contains("the words of Redox, Redox log log-1", Assert.Single(_reports.Of<Caution>()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_of_Redox_in_a_200_are_a_refusal()
    {
        await using RecordingServer server = new(Answer.Json(RedoxErrors));

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => RemoveAsync(server));

        Assert.Equal(ExportErrorKind.RemovalFailed, failure.Kind);
        Assert.Equal(("the words of Redox", "log-1"), (failure.ServerMessage, Assert.Single(failure.RedoxLogIds)));
    }

    [Fact]
    public async Task A_202_whose_body_is_cut_off_is_done()
    {
        await using RecordingServer server = new(Answer.Outcome(202, "deleted") with { CutAt = 9 });

        Assert.True(await RemoveAsync(server));
    }

    [Fact]
    public async Task A_404_right_after_the_kick_off_is_not_believed()
    {
        await using RecordingServer server = new(Answer.Outcome(404, "unknown"), Answer.Plain(404), Answer.Plain(202));

        Assert.True(await RemoveNewAsync(server, age: TimeSpan.FromSeconds(2)));

        Assert.Equal(3, server.Arrivals.Count);
    }

    [Fact]
    public async Task A_404_is_believed_60_seconds_after_the_kick_off()
    {
        await using RecordingServer server = new(Answer.Plain(404));
        DateTimeOffset start = _clock.GetUtcNow();

        Assert.False(await RemoveNewAsync(server, age: TimeSpan.FromSeconds(2)));

        Assert.Equal(start + TimeSpan.FromSeconds(58), _clock.GetUtcNow());
        Assert.InRange(server.Arrivals.Count, 5, 15);
    }

    [Theory]
    [InlineData(60, 404, false)]
    [InlineData(-3600, 404, false)]
    [InlineData(null, 404, false)]
    [InlineData(2, 410, false)]
    [InlineData(2, 404, true)]
    public async Task A_job_that_is_gone_is_asked_for_once(int? age, int status, bool known)
    {
        await using RecordingServer server = new(Answer.Plain(status));

        Assert.False(await RemoveNewAsync(server, age is { } seconds ? TimeSpan.FromSeconds(seconds) : null, known));

        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    public async Task A_404_is_believed_after_the_server_has_shown_the_job(int shown)
    {
        await using RecordingServer server = new(arrival => arrival.Verb == "GET" ? Answer.Json("""{"transactionTime":"2026-11-23T00:00:00Z","output":[]}""", shown) : Answer.Plain(404));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = _clock }).Open();
        ExportJob job = new() { StatusUrl = server.Url("status/1"), StartedAt = _clock.GetUtcNow().UtcDateTime };

        await new StatusRequest(connection, job, TimeSpan.FromHours(24), Exports.Impatient).SendAsync(_ => { }, CancellationToken.None);

        Assert.False(await new JobRemoval(connection, job, _reports.Add).RunAsync(CancellationToken.None));
        Assert.Single(server.Arrivals, arrival => arrival.Verb == "DELETE");
    }

    [Fact]
    public async Task A_new_job_that_was_removed_is_not_found_any_more()
    {
        await using RecordingServer server = new(arrival => Answer.Plain(arrival.Verb == "GET" ? 404 : 202));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = _clock }).Open();
        ExportJob job = new() { StatusUrl = server.Url("status/1"), StartedAt = _clock.GetUtcNow().UtcDateTime };
        await new JobRemoval(connection, job, _reports.Add).RunAsync(CancellationToken.None);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() =>
            new StatusRequest(connection, job, TimeSpan.FromHours(24), Exports.Impatient).SendAsync(_ => { }, CancellationToken.None));

        Assert.Equal(ExportErrorKind.JobNotFound, failure.Kind);
    }

    private async Task<bool> RemoveNewAsync(RecordingServer server, TimeSpan? age, bool known = false)
    {
        Reports reports = new() { OnReport = _ => _clock.SkipNextTimer() };
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = _clock }).Open();
        ExportJob job = new() { StatusUrl = server.Url("status/1"), StartedAt = age is { } past ? (_clock.GetUtcNow() - past).UtcDateTime : null };
        return await new JobRemoval(connection, job, reports.Add) { IsKnown = known }.RunAsync(CancellationToken.None);
    }

    private async Task<bool> RemoveAsync(RecordingServer server)
    {
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        return await new JobRemoval(connection, Exports.JobAt(server, "status/1?x=1"), _reports.Add).RunAsync(CancellationToken.None);
    }
}
