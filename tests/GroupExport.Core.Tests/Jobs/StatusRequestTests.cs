using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Jobs;

/// <summary>Asking once how a job stands.</summary>
public sealed class StatusRequestTests
{
    private const string EmptyManifest = """{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"output":[],"error":[]}""";

    [Fact]
    public async Task The_request_is_a_GET_for_JSON_at_exactly_the_status_URL()
    {
        await using RecordingServer server = new(Answer.Running());

        await Exports.AskAsync(server, Exports.JobAt(server, "status/1?sig=a%2Bb%2Fc"));

        Arrival arrival = Assert.Single(server.Arrivals);
        Assert.Equal("GET", arrival.Verb);
        Assert.Equal("/status/1?sig=a%2Bb%2Fc", arrival.Target);
        Assert.Equal("application/json", arrival.Header("Accept"));
    }

    [Fact]
    public async Task A_202_is_in_progress_with_the_servers_words()
    {
        await using RecordingServer server = new(Answer.Running("120", "40% of Patient/secret-1"));
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 4, 0, 0, TimeSpan.Zero));

        StatusAnswer answer = await Exports.AskAsync(server, clock: clock);

        Assert.Equal("InProgress", answer.Status.State);
        Assert.Equal("40% of Patient/…", answer.Status.Progress);
        Assert.Equal(120, answer.Status.RetryAfterSeconds);
        Assert.Equal(new DateTime(2026, 11, 23, 4, 0, 0, DateTimeKind.Utc), answer.Status.CheckedAt);
        Assert.Equal(TimeSpan.FromSeconds(120), answer.RetryAfter);
        Assert.Null(answer.Trouble);
        Assert.False(answer.IsFinal);
        Assert.Empty(answer.Status.Files);
    }

    [Fact]
    public async Task Endless_progress_is_cut_short()
    {
        await using RecordingServer server = new(Answer.Running(progress: new string('x', 5000)));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Equal(new string('x', 200), answer.Status.Progress);
    }

    [Fact]
    public async Task A_202_with_a_manifest_is_still_in_progress()
    {
        await using RecordingServer server = new(Answer.Json(EmptyManifest, 202));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Equal("InProgress", answer.Status.State);
    }

    [Fact]
    public async Task A_200_is_complete_and_keeps_the_job()
    {
        await using RecordingServer server = new(Answer.Json(EmptyManifest).With("Expires", "Tue, 24 Nov 2026 00:00:00 GMT"));
        ExportJob job = Exports.JobAt(server);

        StatusAnswer answer = await Exports.AskAsync(server, job);

        ExportStatus status = answer.Status;
        Assert.True(answer.IsFinal);
        Assert.Equal("Complete", status.State);
        Assert.Equal("2026-11-23T00:00:00Z", status.TransactionTime);
        Assert.True(status.RequiresAccessToken);
        Assert.Equal(new DateTime(2026, 11, 24, 0, 0, 0, DateTimeKind.Utc), status.Expires);
        Assert.Equal(0, status.ResourceCount);
        Assert.Equal((job.StatusUrl, job.GroupId, job.StartedAt), (status.StatusUrl, status.GroupId, status.StartedAt));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(500)]
    public async Task An_error_with_an_OperationOutcome_is_a_failed_export(int status)
    {
        await using RecordingServer server = new(Answer.Outcome(status, "ran out of Patient/secret-1"));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.True(answer.IsFinal);
        Assert.Equal("Failed", answer.Status.State);
        ExportException failure = answer.Status.ToFailure();
        Assert.Equal(ExportErrorKind.ExportFailed, failure.Kind);
        Assert.Contains("ran out of Patient/…", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_passing_status_says_nothing_of_the_job(int status)
    {
        await using RecordingServer server = new(Answer.Outcome(status, "too busy").With("Retry-After", "7"));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Equal("InProgress", answer.Status.State);
        Assert.Contains("too busy", answer.Trouble, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.RetryAfter);
        Assert.False(answer.IsFinal);
    }

    [Fact]
    public async Task An_HTML_500_is_a_proxys_trouble_and_its_page_is_not_shown()
    {
        await using RecordingServer server = new(Answer.Plain(500, "<html>secret-1</html>", "text/html"));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Equal("HTTP 500 InternalServerError, a web page such as a proxy's", answer.Trouble);
        Assert.False(answer.IsFinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(400)]
    public async Task An_issue_with_code_transient_says_nothing_of_the_job(int status)
    {
        await using RecordingServer server = new(Answer.Outcome(status, "database restarts", code: "transient"));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.NotNull(answer.Trouble);
        Assert.False(answer.IsFinal);
    }

    [Fact]
    public async Task A_cut_connection_says_nothing_of_the_job()
    {
        await using RecordingServer server = new(Answer.HangUp);

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.NotNull(answer.Trouble);
        Assert.Equal("InProgress", answer.Status.State);
    }

    [Fact]
    public async Task A_503_whose_explanation_is_cut_off_says_nothing_of_the_job()
    {
        await using RecordingServer server = new(Answer.Outcome(503, "busy") with { CutAt = 10 });

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Equal("HTTP 503 ServiceUnavailable", answer.Trouble);
    }

    [Theory]
    [InlineData(401, ExportErrorKind.TokenRejected)]
    [InlineData(403, ExportErrorKind.AccessDenied)]
    [InlineData(404, ExportErrorKind.JobNotFound)]
    [InlineData(410, ExportErrorKind.JobNotFound)]
    public async Task A_refusal_has_its_kind_and_names_the_job(int status, ExportErrorKind kind)
    {
        await using RecordingServer server = new(Answer.Outcome(status, "no"));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(kind, failure.Kind);
        Assert.Equal(status, failure.StatusCode);
        Assert.Equal(server.Url("status/1"), Assert.IsType<ExportJob>(failure.Subject, exactMatch: false).StatusUrl);
    }

    [Fact]
    public async Task A_manifest_that_is_cut_off_is_trouble_and_no_failure_of_the_job()
    {
        await using RecordingServer server = new(Answer.Json(EmptyManifest) with { CutAt = 30 });

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.NotNull(answer.Trouble);
        Assert.Equal("InProgress", answer.Status.State);
    }

    [Theory]
    [InlineData("<html/>")]
    [InlineData("{\"output\":[")]
    public async Task A_200_that_is_no_JSON_tells_of_something_on_the_way_and_nothing_of_the_job(string body)
    {
        await using RecordingServer server = new(Answer.Json(body));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Contains("no JSON", answer.Trouble);
        Assert.False(answer.IsFinal);
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(400, "<html>proxy</html>")]
    public async Task An_answer_that_no_Bulk_Data_server_gives_does_not_end_the_job(int status, string page)
    {
        await using RecordingServer server = new(Answer.Plain(status, page, "text/html"));

        Assert.NotNull((await Exports.AskAsync(server)).Trouble);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    public async Task A_200_without_a_manifest_is_said_to_be_one(string body)
    {
        await using RecordingServer server = new(Answer.Json(body));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(ExportErrorKind.InvalidManifest, failure.Kind);
    }

    [Fact]
    public async Task No_answer_in_time_says_nothing_of_the_job()
    {
        FakeTimeProvider clock = new();
        await using RecordingServer server = new(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(101));
            return Answer.HangUp;
        });
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();

        StatusAnswer answer = await new StatusRequest(connection, Exports.JobAt(server), TimeSpan.FromHours(24), TransientRetry.Default).SendAsync(_ => { }, CancellationToken.None);

        Assert.Equal("no answer within 100 s", answer.Trouble);
    }
}
