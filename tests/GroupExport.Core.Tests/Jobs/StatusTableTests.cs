using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Jobs;

/// <summary>What an answer to a status request means: status, body, and the answers before it.</summary>
public sealed class StatusTableTests
{
    private const string Xml = """<OperationOutcome xmlns="http://hl7.org/fhir"><issue><severity value="error"/><code value="exception"/><diagnostics value="the database is gone"/></issue></OperationOutcome>""";
    private const string TransientXml = """<OperationOutcome xmlns="http://hl7.org/fhir"><issue><severity value="error"/><code value="transient"/><diagnostics value="the database restarts"/></issue></OperationOutcome>""";
    private const string Problem = """{"type":"about:blank","title":"Export failed","detail":"worker died"}""";
    private const string ManifestJson = """{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"output":[]}""";
    private const string HealthLake = """{"exportJobProperties":{"jobId":"1","jobStatus":"STATE","datastoreId":"d"}}""";

    [Theory]
    [InlineData("application/fhir+xml;charset=UTF-8", Xml, "the database is gone")]
    [InlineData("application/problem+json", Problem, "worker died")]
    [InlineData("application/json", "{\"issue\":[{\"severity\":\"error\",\"code\":\"x\",\"diagnostics\":\"gave up\"}]}", "gave up")]
    public async Task A_failed_job_ends_the_wait_in_whatever_form_the_server_says_so(string type, string body, string words)
    {
        ExportStatus status = Assert.IsType<ExportStatus>((await RunAsync(Answer.Plain(500, body, type))).Status);

        Assert.Equal("Failed", status.State);
        Assert.Contains(words, status.ToFailure().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transient_issue_in_XML_is_polled_again()
    {
        Outcome outcome = await RunAsync(Answer.Plain(500, TransientXml, "application/fhir+xml"), Answer.Json(ManifestJson));

        Assert.Equal("Complete", outcome.Status?.State);
        Assert.Equal(2, outcome.Requests);
    }

    [Theory]
    [InlineData("text/plain", "java.lang.OutOfMemoryError")]
    [InlineData("application/json", """{"message":"Internal server error"}""")]
    public async Task A_plain_500_ends_the_wait_once_it_was_repeated_for_five_minutes(string type, string body)
    {
        Outcome outcome = await RunAsync(Answer.Plain(500, body, type));

        Assert.Equal("Failed", outcome.Status?.State);
        Assert.True(outcome.Requests >= 3);
        Assert.InRange(outcome.Time, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_plain_500_needs_three_answers_even_if_five_minutes_have_passed()
    {
        Answer crash = Answer.Plain(500, "crashed").With("Retry-After", "400");

        Outcome outcome = await RunAsync(crash, crash, Answer.Json(ManifestJson));

        Assert.Equal("Complete", outcome.Status?.State);
    }

    [Fact]
    public async Task A_plain_500_with_another_text_each_time_stays_an_outage()
    {
        int asked = 0;
        Outcome outcome = await RunAsync(_ => Answer.Plain(500, $"crash {++asked}"));

        Assert.Equal(ExportErrorKind.StatusUnavailable, outcome.Failure?.Kind);
        Assert.InRange(outcome.Time, TimeSpan.FromHours(1), TimeSpan.FromHours(1.2));
    }

    [Fact]
    public async Task A_job_that_runs_in_between_begins_the_count_of_a_plain_500_again()
    {
        Answer crash = Answer.Plain(500, "crashed").With("Retry-After", "200");

        Outcome outcome = await RunAsync(crash, crash, Answer.Running("1"), crash, crash, Answer.Json(ManifestJson));

        Assert.Equal("Complete", outcome.Status?.State);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(406)]
    [InlineData(413)]
    [InlineData(414)]
    [InlineData(415)]
    [InlineData(451)]
    public async Task A_refusal_for_good_ends_at_once_in_text_and_JSON_and_a_web_page_does_not(int status)
    {
        foreach (Answer answer in new[] { Answer.Plain(status, "no way").With("Retry-After", "300"), Answer.Json("""{"message":"no way"}""", status) })
        {
            Outcome outcome = await RunAsync(answer);
            Assert.Equal(("Failed", 1), (outcome.Status?.State, outcome.Requests));
            Assert.Contains("no way", outcome.Status?.Progress, StringComparison.Ordinal);
        }

        Outcome page = await RunAsync(Answer.Plain(status, "<html><title>Blocked</title></html>", "text/html"), Answer.Json(ManifestJson));
        Assert.Equal("Complete", page.Status?.State);
    }

    [Fact]
    public async Task A_permanent_413_page_is_not_waited_for_beyond_the_transient_timeout()
    {
        Answer page = Answer.Plain(413, "<html><title>413 Request Entity Too Large</title></html>", "text/html").With("Retry-After", "300");

        Outcome outcome = await RunAsync(new WaitOptions { TransientTimeout = TimeSpan.FromSeconds(30) }, _ => page);

        Assert.Equal(ExportErrorKind.StatusUnavailable, outcome.Failure?.Kind);
        Assert.InRange(outcome.Time, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(32));
    }

    [Fact]
    public async Task A_404_is_waited_for_within_a_minute_of_the_kick_off()
    {
        Outcome outcome = await RunAsync(AgedBy(5), Answer.Outcome(404, "unknown job"), Answer.Outcome(404, "unknown job"), Answer.Json(ManifestJson));

        Assert.Equal(("Complete", 3), (outcome.Status?.State, outcome.Requests));
    }

    [Theory]
    [InlineData(404, 61)]
    [InlineData(404, null)]
    [InlineData(410, 5)]
    public async Task A_404_later_or_of_a_job_without_a_time_and_a_410_are_final(int status, int? age)
    {
        Outcome outcome = await RunAsync(AgedBy(age), Answer.Outcome(status, "unknown job"));

        Assert.Equal((ExportErrorKind.JobNotFound, 1), (outcome.Failure?.Kind, outcome.Requests));
    }

    [Fact]
    public async Task A_404_is_waited_for_no_longer_than_a_minute()
    {
        Outcome outcome = await RunAsync(AgedBy(5), Answer.Outcome(404, "unknown job"));

        Assert.Equal(ExportErrorKind.JobNotFound, outcome.Failure?.Kind);
        Assert.True(outcome.Requests > 1);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(200)]
    public async Task A_404_after_an_answer_of_the_job_is_final_however_new_it_is(int status)
    {
        Outcome outcome = await RunAsync(AgedBy(5), Answer.Plain(status), Answer.Outcome(404, "unknown job"));

        Assert.Equal((ExportErrorKind.JobNotFound, 2), (outcome.Failure?.Kind, outcome.Requests));
    }

    [Theory]
    [InlineData("error", "exception")]
    [InlineData("fatal", "exception")]
    public async Task An_error_inside_a_200_is_a_failed_export(string severity, string code)
    {
        Outcome outcome = await RunAsync(Answer.Outcome(200, "the export failed", code, severity));

        Assert.Equal(("Failed", 1), (outcome.Status?.State, outcome.Requests));
        Assert.Contains("the export failed", outcome.Status?.ToFailure().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_OperationOutcome_without_errors_in_a_200_is_no_manifest_and_its_words_are_shown()
    {
        Outcome outcome = await RunAsync(Answer.Outcome(200, "nothing to see", "informational", "information"));

        Assert.Equal(ExportErrorKind.InvalidManifest, outcome.Failure?.Kind);
        Assert.Contains("an OperationOutcome resource: nothing to see", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(",\"DestinationStatusCode\":504")]
    [InlineData(",\"DestinationStatusCode\":429")]
    [InlineData(",\"DestinationStatusCode\":408")]
    [InlineData(",\"DestinationStatusCode\":500")]
    [InlineData("")]
    public async Task A_Redox_error_inside_a_200_is_polled_again_when_the_destination_may_recover(string code)
    {
        Outcome outcome = await RunAsync(Redox(code), Redox(code), Answer.Json(ManifestJson));

        Assert.Equal(("Complete", 3), (outcome.Status?.State, outcome.Requests));
        Assert.Contains(outcome.Reports.Of<Remark>(), remark => remark.Text.Contains("destination said no, Redox log 11111111-2222", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Redox_error_that_stays_is_unavailable_with_its_text_and_log_id()
    {
        Outcome outcome = await RunAsync(Redox(""));

        Assert.Equal(ExportErrorKind.StatusUnavailable, outcome.Failure?.Kind);
        Assert.Contains("destination said no, Redox log 11111111-2222", outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal("11111111-2222", Assert.Single(outcome.Failure!.RedoxLogIds));
    }

    [Fact]
    public async Task A_Redox_error_of_a_destination_that_refuses_is_a_failed_export_with_its_log_id()
    {
        Outcome outcome = await RunAsync(Redox(",\"DestinationStatusCode\":422"));

        Assert.Equal("Failed", outcome.Status?.State);
        Assert.Equal("11111111-2222", Assert.Single(outcome.Status!.RedoxLogIds));
        ExportException failure = outcome.Status.ToFailure();
        Assert.Contains("destination said no", failure.Message, StringComparison.Ordinal);
        Assert.Equal("11111111-2222", Assert.Single(failure.RedoxLogIds));
    }

    [Theory]
    [InlineData(401, ExportErrorKind.AccessDenied)]
    [InlineData(403, ExportErrorKind.AccessDenied)]
    [InlineData(404, ExportErrorKind.JobNotFound)]
    [InlineData(410, ExportErrorKind.JobNotFound)]
    public async Task A_destinations_status_inside_a_200_counts_as_one_of_the_answer(int code, ExportErrorKind kind)
    {
        Outcome outcome = await RunAsync(Redox($",\"DestinationStatusCode\":{code}"));

        Assert.Equal((kind, 1), (outcome.Failure?.Kind, outcome.Requests));
        Assert.Contains("destination said no", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_Redox_itself_with_a_4xx_is_final()
    {
        Outcome outcome = await RunAsync(Redox("") with { Status = 400 });

        Assert.Equal(("Failed", 1), (outcome.Status?.State, outcome.Requests));
    }

    [Fact]
    public async Task Errors_of_Redox_beside_a_manifest_still_count()
    {
        string both = ManifestJson[..^1] + ""","Meta":{"Errors":[{"ID":1,"Text":"destination said no","DestinationStatusCode":503}]}}""";

        Outcome outcome = await RunAsync(Answer.Json(both), Answer.Json(ManifestJson));

        Assert.Equal(("Complete", 2), (outcome.Status?.State, outcome.Requests));
    }

    [Fact]
    public async Task Errors_inside_a_202_are_one_warning_and_the_job_runs()
    {
        Outcome outcome = await RunAsync(Redox("") with { Status = 202 }, Redox("") with { Status = 202 }, Answer.Json(ManifestJson));

        Assert.Equal("Complete", outcome.Status?.State);
        Assert.Contains("destination said no", Assert.Single(outcome.Reports.Of<Caution>()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("COMPLETED")]
    [InlineData("FAILED")]
    [InlineData("COMPLETED_WITH_ERRORS")]
    public async Task Job_properties_instead_of_a_manifest_are_an_error_that_shows_them(string state)
    {
        Outcome outcome = await RunAsync(Answer.Json(HealthLake.Replace("STATE", state, StringComparison.Ordinal)));

        Assert.Equal((ExportErrorKind.InvalidManifest, 1), (outcome.Failure?.Kind, outcome.Requests));
        Assert.Contains($"JSON with exportJobProperties (job status {state}) instead of a manifest", outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("left alone", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"exportJobProperties":{"jobStatus":"IN_PROGRESS"}}""")]
    [InlineData("""{"status":"SUBMITTED"}""")]
    [InlineData("""{"status":"running","progress":40}""")]
    [InlineData("""{"status":"in-progress","message":"40 %"}""")]
    [InlineData("""{"resourceType":"Task","status":"in-progress"}""")]
    public async Task A_200_that_says_that_the_job_runs_is_polled_on(string body)
    {
        Outcome outcome = await RunAsync(Answer.Json(body), Answer.Json(ManifestJson));

        Assert.Equal(("Complete", 2), (outcome.Status?.State, outcome.Requests));
        Assert.Equal("InProgress", outcome.Reports.Of<Waiting>()[0].Status.State);
    }

    [Theory]
    [InlineData("{}", "an empty JSON object")]
    [InlineData("null", "JSON null")]
    [InlineData("[]", "a JSON array")]
    [InlineData("""{"resourceType":"Parameters","parameter":[]}""", "a Parameters resource")]
    [InlineData("""{"hello":"Patient/secret-1","more":1}""", "JSON with hello, more")]
    public async Task Other_JSON_is_never_complete_and_the_error_shows_what_came(string body, string shown)
    {
        Outcome outcome = await RunAsync(Answer.Json(body));

        Assert.Equal((ExportErrorKind.InvalidManifest, 1), (outcome.Failure?.Kind, outcome.Requests));
        Assert.Contains(shown, outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_that_is_nested_absurdly_deep_is_named_at_once()
    {
        Outcome outcome = await RunAsync(Answer.Json($$"""{"transactionTime":"2026-11-23T00:00:00Z","output":{{new string('[', 500)}}{{new string(']', 500)}}}"""));

        Assert.Equal((ExportErrorKind.InvalidManifest, 1), (outcome.Failure?.Kind, outcome.Requests));
        Assert.Contains("nested deeper", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task Two_empty_answers_are_an_export_without_data(int status)
    {
        Outcome outcome = await RunAsync(Answer.Plain(status, "", "application/json"));

        Assert.Equal(("Complete", 2), (outcome.Status?.State, outcome.Requests));
        Assert.Empty(outcome.Status!.Files);
        Assert.Null(outcome.Status.TransactionTime);
        Assert.Contains("no transaction time", Assert.Single(outcome.Reports.Of<Caution>()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_answer_before_the_manifest_is_not_believed()
    {
        Outcome outcome = await RunAsync(Answer.Plain(200), Answer.Running("1"), Answer.Plain(200), Answer.Json(ManifestJson));

        Assert.Equal(("Complete", 4), (outcome.Status?.State, outcome.Requests));
        Assert.Equal("2026-11-23T00:00:00Z", outcome.Status?.TransactionTime);
    }

    [Fact]
    public async Task Empty_answers_within_one_poll_interval_do_not_confirm_each_other()
    {
        FakeTimeProvider clock = new();
        await using RecordingServer server = new(Answer.Plain(200));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();
        StatusRequest request = new(connection, Exports.JobAt(server), TimeSpan.FromHours(1), Exports.Impatient, TimeSpan.FromSeconds(2));

        Assert.NotNull((await request.SendAsync(_ => { }, CancellationToken.None)).Trouble);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await request.SendAsync(_ => { }, CancellationToken.None)).Trouble);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Complete", (await request.SendAsync(_ => { }, CancellationToken.None)).Status.State);
    }

    [Fact]
    public async Task An_empty_body_that_only_the_end_of_the_connection_ends_is_not_an_answer()
    {
        Outcome outcome = await RunAsync(Answer.Plain(200) with { CloseDelimited = true });

        Assert.Equal(ExportErrorKind.StatusUnavailable, outcome.Failure?.Kind);
    }

    [Fact]
    public async Task An_empty_chunked_body_with_its_end_is_an_answer()
    {
        Outcome outcome = await RunAsync(Answer.Plain(200) with { Chunked = true });

        Assert.Equal("Complete", outcome.Status?.State);
    }

    private static Answer Redox(string code) => Answer.Json(
        """{"Meta":{"EventType":"status-check-response","Logs":[{"ID":"11111111-2222"}],"Errors":[{"ID":1,"Text":"destination said no","Type":"transmission","Module":"Send"CODE}]}}"""
            .Replace("CODE", code, StringComparison.Ordinal));

    /// <summary>A job that was kicked off some seconds before the clock's beginning.</summary>
    private static Func<string, ExportJob> AgedBy(int? seconds) => url => new ExportJob
    {
        StatusUrl = url,
        GroupId = "g",
        StartedAt = seconds is null ? null : new DateTime(2026, 11, 23, 4, 5, 6, DateTimeKind.Utc).AddSeconds(-seconds.Value),
    };

    private static Task<Outcome> RunAsync(params Answer[] answers) => RunAsync(new WaitOptions(), InOrder(answers));

    private static Task<Outcome> RunAsync(Func<Arrival, Answer> script) => RunAsync(new WaitOptions(), script);

    private static Task<Outcome> RunAsync(Func<string, ExportJob> job, params Answer[] answers) => RunAsync(new WaitOptions(), InOrder(answers), job);

    private static async Task<Outcome> RunAsync(WaitOptions options, Func<Arrival, Answer> script, Func<string, ExportJob>? job = null)
    {
        SkippingClock clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        await using RecordingServer server = new(script);
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is Waiting)
                {
                    clock.SkipNextTimer();
                }
            },
        };
        string url = server.Url("status/1");
        ExportStatus? status = null;
        ExportException? failure = null;
        try
        {
            status = await new StatusWait(connection, job?.Invoke(url) ?? Exports.JobAt(url), options, reports.Add).RunAsync(CancellationToken.None);
        }
        catch (ExportException exception)
        {
            failure = exception;
        }

        return new Outcome(status, failure, server.Arrivals.Count, clock.GetUtcNow() - start, reports);
    }

    private static Func<Arrival, Answer> InOrder(Answer[] answers)
    {
        int next = 0;
        return _ => answers[Math.Min(next++, answers.Length - 1)];
    }

    private sealed record Outcome(ExportStatus? Status, ExportException? Failure, int Requests, TimeSpan Time, Reports Reports);
}
