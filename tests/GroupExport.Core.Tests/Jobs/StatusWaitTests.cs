using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Jobs;

/// <summary>Waiting for the end of an export, on a clock that jumps over every wait.</summary>
public sealed class StatusWaitTests
{
    private static readonly Answer s_manifest = Answer.Json("""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"output":[]}""");

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 1)]
    [InlineData("0.2", 1)]
    [InlineData("Mon, 23 Nov 2026 04:15:06 GMT", 600)]
    [InlineData("Mon, 23 Nov 2020 04:15:06 GMT", 1)]
    [InlineData("86400", 86400)]
    public async Task A_wait_that_the_server_asks_for_is_kept(string retryAfter, double seconds)
    {
        Waiting waiting = Assert.Single(await WaitsAsync(new(), Answer.Running(retryAfter), s_manifest));

        Assert.Equal(TimeSpan.FromSeconds(seconds), waiting.Delay);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 4, 5, 6, TimeSpan.Zero) + waiting.Delay, waiting.NextPoll);
    }

    [Theory]
    [InlineData("1795406706")]
    [InlineData("1795406706000")]
    [InlineData("86401")]
    [InlineData("Wed, 23 Dec 2026 04:15:06 GMT")]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData(null)]
    public async Task Without_a_sensible_wait_the_own_backoff_counts(string? retryAfter)
    {
        WaitOptions options = new() { MinPollInterval = TimeSpan.FromSeconds(2), MaxPollInterval = TimeSpan.FromSeconds(30) };
        Answer running = Answer.Running(retryAfter);

        IReadOnlyList<Waiting> waits = await WaitsAsync(options, running, running, running, running, running, running, running, running, s_manifest);

        Assert.Equal(8, waits.Count);
        Assert.All(waits, waiting => Assert.InRange(waiting.Delay, TimeSpan.Zero, options.MaxPollInterval));

        // Whatever the jitter, five waits of a doubling backoff are longer than eight of a constant one.
        Assert.True(waits.Take(5).Sum(waiting => waiting.Delay.TotalSeconds) > 8 * options.MinPollInterval.TotalSeconds);
    }

    [Theory]
    [InlineData("Mon, 23 Nov 2026 03:05:06 GMT", "Mon, 23 Nov 2026 03:05:36 GMT")]
    [InlineData("Mon, 23 Nov 2026 05:05:06 GMT", "Mon, 23 Nov 2026 05:05:36 GMT")]
    [InlineData("Mon, 23 Nov 2020 05:05:06 GMT", "Mon, 23 Nov 2020 05:05:36 GMT")]
    public async Task A_date_counts_from_the_answers_own_date_when_the_clocks_differ(string date, string retryAfter)
    {
        Waiting waiting = Assert.Single(await WaitsAsync(new(), Answer.Running(retryAfter).With("Date", date), s_manifest));

        Assert.Equal(TimeSpan.FromSeconds(30), waiting.Delay);
    }

    [Fact]
    public async Task No_poll_is_sooner_than_the_shortest_interval_when_the_server_says_now()
    {
        WaitOptions options = new() { MinPollInterval = TimeSpan.FromSeconds(7), MaxPollInterval = TimeSpan.FromSeconds(20) };
        Answer now = Answer.Running("0");
        Answer silent = Answer.Running();

        IReadOnlyList<Waiting> waits = await WaitsAsync(options, now, silent, now, silent, silent, silent, Answer.Plain(503).With("Retry-After", "0"), Answer.HangUp, s_manifest);

        Assert.All(waits, waiting => Assert.InRange(waiting.Delay, options.MinPollInterval, options.MaxPollInterval));
    }

    [Fact]
    public async Task The_time_for_failures_is_not_exceeded_when_polls_are_far_apart()
    {
        SkippingClock clock = new();
        await using RecordingServer server = new([.. Enumerable.Repeat(Answer.Running(), 12), Answer.Plain(413, "<html/>", "text/html").With("Retry-After", "3600")]);
        WaitOptions options = new() { TransientTimeout = TimeSpan.FromSeconds(30) };
        Reports reports = Skipping(clock);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => WaitAsync(server, clock, options, reports));

        Assert.Equal(ExportErrorKind.StatusUnavailable, failure.Kind);
        Assert.Equal(options.TransientTimeout, Assert.Single(reports.Of<Waiting>().Skip(12)).Delay);
    }

    [Fact]
    public async Task A_week_is_not_too_long()
    {
        SkippingClock clock = new();
        DateTimeOffset end = clock.GetUtcNow() + TimeSpan.FromDays(7);
        await using RecordingServer server = new(_ => clock.GetUtcNow() >= end ? s_manifest : Answer.Running(progress: "patience"));
        Reports reports = Skipping(clock);

        ExportStatus status = await WaitAsync(server, clock, new WaitOptions(), reports);

        Assert.Equal("Complete", status.State);
        Assert.True(clock.GetUtcNow() >= end);
        Assert.Equal(server.Arrivals.Count - 1, reports.Of<Waiting>().Count);
        Assert.All(reports.Of<Waiting>(), waiting => Assert.Equal("patience", waiting.Status.Progress));
        Assert.All(reports.Of<Waiting>(), waiting => Assert.InRange(waiting.Delay, TimeSpan.Zero, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task A_failed_export_ends_the_waiting()
    {
        SkippingClock clock = new();
        await using RecordingServer server = new(Answer.Running(), Answer.Outcome(500, "broken"));

        ExportStatus status = await WaitAsync(server, clock, new WaitOptions(), Skipping(clock));

        Assert.Equal("Failed", status.State);
        Assert.Equal(2, server.Arrivals.Count);
    }

    [Fact]
    public async Task Trouble_that_passes_does_not_end_the_waiting()
    {
        SkippingClock clock = new();
        await using RecordingServer server = new(s_manifest with { CutAt = 10 }, Answer.Plain(503), Answer.Plain(500, "<html/>", "text/html"), Answer.Outcome(400, "later", code: "transient"), Answer.Running(), s_manifest);
        Reports reports = Skipping(clock);

        ExportStatus status = await WaitAsync(server, clock, new WaitOptions(), reports);

        Assert.Equal("Complete", status.State);
        Assert.Equal(4, reports.Of<Remark>().Count(remark => remark.Text.Contains("failed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Trouble_without_end_does_and_leaves_the_job()
    {
        SkippingClock clock = new();
        await using RecordingServer server = new(Answer.Plain(503));
        WaitOptions options = new() { TransientTimeout = TimeSpan.FromHours(1) };
        DateTimeOffset start = clock.GetUtcNow();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => WaitAsync(server, clock, options, Skipping(clock)));

        Assert.Equal(ExportErrorKind.StatusUnavailable, failure.Kind);
        Assert.InRange(clock.GetUtcNow() - start, options.TransientTimeout, options.TransientTimeout + options.MaxPollInterval);
        Assert.All(server.Arrivals, arrival => Assert.Equal("GET", arrival.Verb));
    }

    [Fact]
    public async Task Trouble_in_between_is_counted_anew_each_time()
    {
        SkippingClock clock = new();
        Answer trouble = Answer.Plain(503).With("Retry-After", "1800");
        Answer running = Answer.Running("1");
        await using RecordingServer server = new(trouble, trouble, running, trouble, trouble, running, s_manifest);

        ExportStatus status = await WaitAsync(server, clock, new WaitOptions { TransientTimeout = TimeSpan.FromHours(1) }, Skipping(clock));

        Assert.Equal("Complete", status.State);
    }

    [Fact]
    public async Task When_the_time_is_over_the_job_goes_on()
    {
        SkippingClock clock = new();
        await using RecordingServer server = new(Answer.Running("600"));
        DateTimeOffset start = clock.GetUtcNow();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => WaitAsync(server, clock, new WaitOptions { Timeout = TimeSpan.FromHours(2) }, Skipping(clock)));

        Assert.Equal(ExportErrorKind.WaitTimeout, failure.Kind);
        Assert.Equal(server.Url("status/1"), Assert.IsType<ExportJob>(failure.Subject).StatusUrl);
        Assert.InRange(clock.GetUtcNow() - start, TimeSpan.FromHours(2), TimeSpan.FromHours(2) + TimeSpan.FromMinutes(10));
        Assert.All(server.Arrivals, arrival => Assert.Equal("GET", arrival.Verb));
    }

    [Fact]
    public async Task Interrupting_ends_the_waiting_at_once()
    {
        FakeTimeProvider clock = new();
        using CancellationTokenSource interrupt = new();
        await using RecordingServer server = new(Answer.Running("600"));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();
        Reports reports = new() { OnReport = happening => CancelOn<Waiting>(happening, interrupt) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new StatusWait(connection, Exports.JobAt(server), new WaitOptions(), reports.Add).RunAsync(interrupt.Token));

        Assert.Single(server.Arrivals);
    }

    private static async Task<IReadOnlyList<Waiting>> WaitsAsync(WaitOptions options, params Answer[] answers)
    {
        SkippingClock clock = new();
        await using RecordingServer server = new(answers);
        Reports reports = Skipping(clock);
        ExportStatus status = await WaitAsync(server, clock, options, reports);
        Assert.Equal("Complete", status.State);
        return reports.Of<Waiting>();
    }

    private static async Task<ExportStatus> WaitAsync(RecordingServer server, TimeProvider clock, WaitOptions options, Reports reports)
    {
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();
        return await new StatusWait(connection, Exports.JobAt(server), options, reports.Add).RunAsync(CancellationToken.None);
    }

    private static Reports Skipping(SkippingClock clock) => new()
    {
        OnReport = happening =>
        {
            if (happening is Waiting)
            {
                clock.SkipNextTimer();
            }
        },
    };

    private static void CancelOn<T>(ExportEvent happening, CancellationTokenSource interrupt)
    {
        if (happening is T)
        {
            interrupt.Cancel();
        }
    }
}
