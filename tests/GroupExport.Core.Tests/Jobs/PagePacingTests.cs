using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>Manifests of many pages from servers that are away, busy or count requests, on a clock that jumps over waits.</summary>
public sealed class PagePacingTests
{
    /// <summary>Only so that a pause without end fails instead of hanging.</summary>
    private const int HangMilliseconds = 120_000;

    private const int Pages = 20;

    private readonly WaitlessClock _clock = new();

    [Theory(Timeout = HangMilliseconds)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task All_pages_are_read_from_a_server_that_allows_6_requests_in_10_seconds(int status)
    {
        Queue<double> allowed = new();
        await using RecordingServer server = new(arrival =>
        {
            while (allowed.TryPeek(out double first) && first <= _clock.Seconds - 10)
            {
                allowed.Dequeue();
            }

            if (allowed.Count == 6)
            {
                return Answer.Plain(status);
            }

            allowed.Enqueue(_clock.Seconds);
            return Page(arrival);
        });

        await AssertCompleteAsync(server, TimeSpan.FromSeconds(20));
    }

    [Theory(Timeout = HangMilliseconds)]
    [InlineData(null)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task All_pages_are_read_when_the_server_is_away_for_40_seconds_in_the_middle(int? status)
    {
        double? away = null;
        await using RecordingServer server = new(arrival =>
        {
            away ??= arrival.Path == $"/page/{Pages / 2}" ? _clock.Seconds : null;
            if (_clock.Seconds - away < 40)
            {
                return status is { } code ? Answer.Plain(code) : Answer.HangUp;
            }

            return Page(arrival);
        });

        await AssertCompleteAsync(server, TimeSpan.FromHours(1));

        Assert.InRange(_clock.Seconds, 40, 110);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_page_that_fails_while_the_status_URL_answers_has_its_attempts()
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/page/3" ? Answer.Plain(503) : Page(arrival));

        StatusAnswer answer = await AskAsync(server, TimeSpan.FromHours(1));

        Assert.Contains("page 3 of the manifest cannot be had: HTTP 503", answer.Trouble, StringComparison.Ordinal);
        Assert.Equal((2, 5), (server.To("/status/1").Count, server.To("/page/3").Count));
        Assert.InRange(_clock.Seconds, 15, 30);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_page_waits_no_longer_than_the_transient_timeout_for_a_server_that_stays_away()
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1" && _clock.Seconds == 0 ? Page(arrival) : Answer.Plain(503));
        using GroupExportConnection connection = Open(server);
        StatusWait wait = new(connection, Exports.JobAt(server), new WaitOptions { TransientTimeout = TimeSpan.FromMinutes(20) }, _ => { });

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => wait.RunAsync(CancellationToken.None));

        Assert.Equal(ExportErrorKind.StatusUnavailable, failure.Kind);
        Assert.InRange(_clock.Seconds, 20 * 60, 22 * 60);
        Assert.NotNull(wait.SoFar);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_page_that_came_is_progress_for_the_wait_as_a_whole()
    {
        Dictionary<string, double> first = [];
        await using RecordingServer server = new(arrival =>
        {
            first.TryAdd(arrival.Path, _clock.Seconds);
            return arrival.Path != "/status/1" && _clock.Seconds - first[arrival.Path] < 40 ? Answer.Plain(503) : Page(arrival);
        });
        using GroupExportConnection connection = Open(server);
        StatusWait wait = new(connection, Exports.JobAt(server), new WaitOptions { TransientTimeout = TimeSpan.FromMinutes(3) }, _ => { });

        ExportStatus status = await wait.RunAsync(CancellationToken.None);

        Assert.Equal(Pages, status.Files.Length);
        Assert.InRange(_clock.Seconds, (Pages - 1) * 40, (Pages - 1) * 180);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_page_waits_while_the_origin_is_paused()
    {
        await using RecordingServer server = new(Page);
        using GroupExportConnection connection = Open(server);
        connection.Pacing.Of(server.Root).PauseFor(TimeSpan.FromSeconds(300));

        await new StatusRequest(connection, Exports.JobAt(server), TimeSpan.FromHours(24), TransientRetry.Default).SendAsync(_ => { }, CancellationToken.None);

        Assert.Equal(300, _clock.Seconds, 0.1);
    }

    private static Answer Page(Arrival arrival)
    {
        int page = arrival.Path == "/status/1" ? 1 : int.Parse(arrival.Path.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        string link = page == Pages ? "" : $$""","link":[{"relation":"next","url":"/page/{{page + 1}}"}]""";
        return Answer.Json($$"""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":false,"output":[{"type":"Patient","url":"/file/{{page}}"}]{{link}}}""");
    }

    /// <summary>Asks once, and asserts that all files are listed.</summary>
    private async Task AssertCompleteAsync(RecordingServer server, TimeSpan transientTimeout)
    {
        StatusAnswer answer = await AskAsync(server, transientTimeout);

        Assert.Null(answer.Trouble);
        Assert.Equal(ExportStatus.Complete, answer.Status.State);
        Assert.Equal(Enumerable.Range(1, Pages).Select(page => server.Url($"file/{page}")), answer.Status.Files.Select(file => file.Url));
    }

    private async Task<StatusAnswer> AskAsync(RecordingServer server, TimeSpan transientTimeout)
    {
        using GroupExportConnection connection = Open(server);
        return await new StatusRequest(connection, Exports.JobAt(server), TimeSpan.FromHours(24), TransientRetry.Default, transientTimeout: transientTimeout)
            .SendAsync(_ => { }, CancellationToken.None);
    }

    private GroupExportConnection Open(RecordingServer server) =>
        (TestConnections.Fhir(server) with { Clock = _clock, RequestTimeout = TimeSpan.FromDays(40), StallTimeout = TimeSpan.FromDays(40) }).Open();
}
