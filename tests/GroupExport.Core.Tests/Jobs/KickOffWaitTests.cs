using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>Waiting for one's turn with a kick-off, on a clock that jumps over every wait; what might have started an export is sent once.</summary>
public sealed class KickOffWaitTests
{
    private static readonly Answer s_accepted = Answer.Accepted("/status/1");
    private static readonly ExportRequest s_request = new() { GroupId = "g" };

    private readonly SkippingClock _clock = new();

    [Theory]
    [InlineData(429, "90", 90)]
    [InlineData(429, "0", 1)]
    [InlineData(429, "Mon, 23 Nov 2026 04:06:06 GMT", 60)]
    [InlineData(429, "Mon, 23 Nov 2020 04:06:06 GMT", 1)]
    [InlineData(503, "120", 120)]
    public async Task A_server_that_says_later_is_asked_again_when_it_says(int status, string retryAfter, double seconds)
    {
        await using RecordingServer server = new(Later(status, retryAfter), s_accepted);
        Reports reports = Skipping();

        ExportJob job = await KickOffAsync(server, new KickOffOptions(), reports);

        Assert.Equal(server.Url("status/1"), job.StatusUrl);
        Assert.Equal(2, server.Arrivals.Count);
        KickOffWaiting waiting = Assert.Single(reports.Of<KickOffWaiting>());
        Assert.Equal(("g", TimeSpan.FromSeconds(seconds)), (waiting.GroupId, waiting.Delay));
        Assert.Contains($"HTTP {status}", waiting.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mon, 23 Nov 2026 02:00:00 GMT", "Mon, 23 Nov 2026 02:01:30 GMT")]
    [InlineData("Mon, 23 Nov 2026 09:00:00 GMT", "Mon, 23 Nov 2026 09:01:30 GMT")]
    public async Task A_date_to_wait_for_counts_from_the_date_of_the_answer(string date, string retryAfter)
    {
        await using RecordingServer server = new(Later(429, retryAfter).With("Date", date), s_accepted);
        Reports reports = Skipping();

        await KickOffAsync(server, new KickOffOptions(), reports);

        Assert.Equal(TimeSpan.FromSeconds(90), Assert.Single(reports.Of<KickOffWaiting>()).Delay);
    }

    [Theory]
    [InlineData(429, null, ExportErrorKind.ExportAlreadyRunning)]
    [InlineData(429, "soon", ExportErrorKind.ExportAlreadyRunning)]
    [InlineData(429, "1795406706", ExportErrorKind.ExportAlreadyRunning)]
    [InlineData(429, "-5", ExportErrorKind.ExportAlreadyRunning)]
    [InlineData(503, "1795406706000", ExportErrorKind.ServerUnreachable)]
    public async Task Without_a_sensible_wait_the_own_backoff_counts_until_the_time_is_over_and_not_longer(int status, string? retryAfter, ExportErrorKind kind)
    {
        KickOffOptions options = new() { Timeout = TimeSpan.FromMinutes(10) };
        DateTimeOffset start = _clock.GetUtcNow();
        await using RecordingServer server = new(Later(status, retryAfter));
        Reports reports = Skipping();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, options, reports));

        Assert.Equal(kind, failure.Kind);
        Assert.Equal(status, failure.StatusCode);
        Assert.Equal(start + options.Timeout, _clock.GetUtcNow());
        IReadOnlyList<KickOffWaiting> waits = reports.Of<KickOffWaiting>();
        Assert.Equal(server.Arrivals.Count - 1, waits.Count);
        Assert.InRange(waits.Count, 20, 200);
        Assert.All(waits, waiting => Assert.InRange(waiting.Delay, TimeSpan.Zero, options.LongestDelay));
    }

    [Theory]
    [InlineData("301")]
    [InlineData("7200")]
    public async Task A_wait_that_would_be_too_long_is_told_at_once(string retryAfter)
    {
        await using RecordingServer server = new(Later(429, retryAfter));
        Reports reports = Skipping();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, new KickOffOptions { Timeout = TimeSpan.FromMinutes(5) }, reports));

        Assert.Equal(ExportErrorKind.ExportAlreadyRunning, failure.Kind);
        Assert.Contains($"{retryAfter} s", failure.Message, StringComparison.Ordinal);
        Assert.Empty(reports.Of<KickOffWaiting>());
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task Without_time_to_wait_it_is_sent_once()
    {
        await using RecordingServer server = new(Later(429, "0"), s_accepted);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, new KickOffOptions { Timeout = TimeSpan.Zero }, Skipping()));

        Assert.Equal(ExportErrorKind.ExportAlreadyRunning, failure.Kind);
        Assert.Single(server.Arrivals);
    }

    public static TheoryData<string> Uncertain => ["408", "500", "502", "503", "504", "hangs up"];

    [Theory]
    [MemberData(nameof(Uncertain))]
    public async Task What_might_have_started_an_export_is_never_sent_again(string answer)
    {
        Answer uncertain = answer == "hangs up" ? Answer.HangUp : Answer.Plain(int.Parse(answer, System.Globalization.CultureInfo.InvariantCulture));
        await using RecordingServer server = new(Later(429, "1"), uncertain, s_accepted);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, new KickOffOptions(), Skipping()));

        Assert.Equal(ExportErrorKind.KickOffUncertain, failure.Kind);
        Assert.Equal(2, server.Arrivals.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task A_refusal_does_not_get_better_by_waiting(int status)
    {
        await using RecordingServer server = new(Answer.Outcome(status, "no"), s_accepted);

        await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, new KickOffOptions(), Skipping()));

        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_tried_a_few_times()
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        using GroupExportConnection connection = new(new ConnectionSettings { FhirBase = new Uri($"http://127.0.0.1:{port}/"), Clock = _clock });
        Reports reports = Skipping();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, s_request, new KickOffOptions { Timeout = TimeSpan.FromDays(1) }, reports));

        Assert.Equal(ExportErrorKind.ServerUnreachable, failure.Kind);
        Assert.Equal(4, reports.Of<KickOffWaiting>().Count);
    }

    [Fact]
    public async Task Interrupting_ends_the_waiting_and_nothing_more_is_sent()
    {
        using CancellationTokenSource interrupt = new();
        Reports reports = new() { OnReport = happening => Interrupt(happening) };
        await using RecordingServer server = new(Later(429, "200"), s_accepted);
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = _clock }).Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Exports.KickOffAsync(connection, s_request, new KickOffOptions(), reports, interrupt.Token));

        Assert.Single(server.Arrivals);

        void Interrupt(ExportEvent happening)
        {
            if (happening is KickOffWaiting)
            {
                interrupt.Cancel();
            }
        }
    }

    [Fact]
    public async Task Each_sending_is_told_before_and_each_that_started_nothing_after()
    {
        List<string> told = [];
        KickOffOptions options = new() { BeforeSending = () => told.Add("sending"), OnNothingStarted = failure => told.Add($"nothing: {failure.Kind}") };
        await using RecordingServer server = new(Later(429, "1"), Later(503, "1"), Answer.HangUp);

        await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, options, Skipping()));

        Assert.Equal(["sending", "nothing: ExportAlreadyRunning", "sending", "nothing: ServerUnreachable", "sending"], told);
    }

    [Fact]
    public async Task What_is_sent_again_says_when_it_was_sent()
    {
        await using RecordingServer server = new(Later(429, "90"), s_accepted);
        using GroupExportConnection connection = (TestConnections.Redox(server) with { Clock = _clock }).Open();

        ExportJob job = await Exports.KickOffAsync(connection, s_request, new KickOffOptions(), Skipping());

        Assert.Equal(["2026-11-23T04:05:06Z", "2026-11-23T04:06:36Z"], server.Arrivals.Select(arrival => (string?)((JsonObject)arrival.Json["Meta"]!)["EventDateTime"]));
        Assert.Equal(new DateTime(2026, 11, 23, 4, 6, 36, DateTimeKind.Utc), job.StartedAt);
    }

    private static Answer Later(int status, string? retryAfter) =>
        retryAfter is null ? Answer.Plain(status) : Answer.Plain(status).With("Retry-After", retryAfter);

    private async Task<ExportJob> KickOffAsync(RecordingServer server, KickOffOptions options, Reports reports)
    {
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = _clock }).Open();
        return await Exports.KickOffAsync(connection, s_request, options, reports);
    }

    private Reports Skipping() => new()
    {
        OnReport = happening =>
        {
            if (happening is KickOffWaiting)
            {
                _clock.SkipNextTimer();
            }
        },
    };
}
