using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>Kick-offs that are accepted in an unusual way, and answers that only look like it.</summary>
public sealed class KickOffAcceptanceTests
{
    private const string RedoxErrors = """{"Meta":{"Logs":[{"ID":"log-1"}],"Errors":[{"ID":1,"Text":"the words of Redox","Type":"transmission","Module":"Send"}]}}""";

    private readonly Reports _reports = new();

    [Theory]
    [InlineData(200, "Content-Location")]
    [InlineData(201, "Content-Location")]
    [InlineData(204, "Content-Location")]
    [InlineData(200, "Location")]
    [InlineData(201, "Location")]
    public async Task A_success_other_than_202_with_a_status_URL_is_a_job_with_a_warning(int status, string header)
    {
        await using RecordingServer server = new(new Answer { Status = status }.With(header, "/status/1?sig=secret"));

        ExportJob job = await KickOffAsync(server);

        Assert.Equal(server.Url("status/1?sig=secret"), job.StatusUrl);
        string warning = Assert.Single(_reports.Of<Caution>()).Text;
        Assert.Contains($"HTTP {status} instead of 202", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task A_plain_202_has_no_warning()
    {
        await using RecordingServer server = new(Answer.Outcome(202, "in the queue", "informational", "information").With("Content-Location", "/status/1"));

        await KickOffAsync(server);

        Assert.Empty(_reports.Of<Caution>());
    }

    [Fact]
    public async Task Errors_in_a_202_with_a_status_URL_are_a_warning_and_its_log_ids_are_kept()
    {
        await using RecordingServer server = new(Answer.Json(RedoxErrors, 202).With("Content-Location", "/status/1"));

        ExportJob job = await KickOffAsync(server);

        Assert.Equal(["log-1"], job.RedoxLogIds);
        Assert.Contains("the words of Redox", Assert.Single(_reports.Of<Caution>()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resourceType":"Bundle","type":"searchset"}""", "/status/1?sig=secret")]
    [InlineData("""{"resourceType":"Parameters"}""", "/status/1")]
    [InlineData("", "/r4/Group/g/_history/3")]
    [InlineData("", "/r4/Group/g/$export")]
    [InlineData("", "mailto:someone@example.org")]
    public async Task A_success_that_is_not_a_job_and_names_a_URL_is_uncertain_and_shows_it(string body, string location)
    {
        await using RecordingServer server = new(Answer.Plain(200, body, "application/fhir+json").With("Content-Location", location));

        ExportException failure = await KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.KickOffUncertain, failure.Kind);
        Assert.Contains(location.Split('?')[0].Split('@')[^1], failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?_type=Observation", false)]
    [InlineData("?_jobId=1", true)]
    public async Task The_own_URL_of_a_kick_off_is_never_polled(string query, bool isJob)
    {
        await using RecordingServer server = new(Answer.Accepted("/r4/Group/g/$export" + query));
        ExportRequest request = new() { GroupId = "g", Types = ["Patient"] };

        ExportErrorKind? kind = isJob ? null : (await KickOffFailureAsync(server, request)).Kind;
        ExportJob? job = isJob ? await KickOffAsync(server, request) : null;

        Assert.Equal(isJob ? null : ExportErrorKind.StatusUrlMissing, kind);
        Assert.Equal(isJob ? server.Url("r4/Group/g/$export?_jobId=1") : null, job?.StatusUrl);
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task A_status_URL_at_another_origin_has_one_warning_that_names_it()
    {
        await using RecordingServer server = new(Answer.Accepted("https://jobs.example.org/1?sig=secret"));

        await KickOffAsync(server);

        string warning = Assert.Single(_reports.Of<Caution>()).Text;
        Assert.Contains("https://jobs.example.org:443", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_URL_at_a_trusted_origin_has_no_warning()
    {
        await using RecordingServer server = new(Answer.Accepted("https://jobs.example.org/1"));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { TrustedOrigins = [new Uri("https://jobs.example.org/")] }).Open();

        await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }, new KickOffOptions(), _reports);

        Assert.Empty(_reports.Of<Caution>());
    }

    [Theory]
    [InlineData("/status/1", "/status/1")]
    [InlineData("ROOTstatus/1, ROOTstatus/1", null)]
    [InlineData("mailto:x@example.org", "/status/1")]
    public async Task The_first_usable_status_URL_counts(string first, string? second)
    {
        await using RecordingServer server = new(arrival =>
        {
            Answer accepted = Answer.Accepted(first.Replace("ROOT", $"http://{arrival.Header("Host")}/", StringComparison.Ordinal));
            return second is null ? accepted : accepted.With("Content-Location", second);
        });

        Assert.Equal(server.Url("status/1"), (await KickOffAsync(server)).StatusUrl);
    }

    [Theory]
    [InlineData(200, ExportErrorKind.KickOffRejected)]
    [InlineData(202, ExportErrorKind.KickOffRejected)]
    [InlineData(400, ExportErrorKind.KickOffRejected)]
    public async Task Errors_of_Redox_are_a_refusal_with_its_words_and_log_ids(int status, ExportErrorKind kind)
    {
        await using RecordingServer server = new(Answer.Json(RedoxErrors, status));

        ExportException failure = await KickOffFailureAsync(server);

        Assert.Equal(kind, failure.Kind);
        Assert.Equal("the words of Redox", failure.ServerMessage);
        Assert.Equal(["log-1"], failure.RedoxLogIds);
        Assert.Contains("the words of Redox, Redox log log-1", failure.Message, StringComparison.Ordinal);
        Assert.Equal(server.Url("r4/Group/g/$export"), failure.Subject);
    }

    [Theory]
    [InlineData("forbidden", ExportErrorKind.AccessDenied)]
    [InlineData("login", ExportErrorKind.TokenRejected)]
    [InlineData("throttled", ExportErrorKind.ExportAlreadyRunning)]
    [InlineData("not-supported", ExportErrorKind.KickOffRejected)]
    public async Task An_error_in_a_success_has_the_id_of_its_code(string code, ExportErrorKind kind)
    {
        await using RecordingServer server = new(Answer.Outcome(200, "no", code));

        Assert.Equal(kind, (await KickOffFailureAsync(server)).Kind);
    }

    [Fact]
    public async Task A_destination_that_is_throttled_inside_a_200_is_asked_again()
    {
        SkippingClock clock = new();
        Reports reports = new() { OnReport = happening => Skip(happening, clock) };
        await using RecordingServer server = new(Answer.Json("""{"Meta":{"Errors":[{"Text":"slow down","DestinationStatusCode":429}]}}"""), Answer.Accepted("/status/1"));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }, new KickOffOptions(), reports);

        Assert.Equal(server.Url("status/1"), job.StatusUrl);
        Assert.Equal(2, server.Arrivals.Count);
    }

    [Fact]
    public async Task A_429_that_names_running_exports_carries_them()
    {
        await using RecordingServer server = new(arrival =>
        {
            string root = $"http://{arrival.Header("Host")}";
            return Answer.Outcome(429, "busy").With("Content-Location", $"{root}/Job/1/$status?sig=secret, {root}/Job/2/$status").With("Content-Location", $"{root}/Job/3/$status");
        });

        ExportException failure = await KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.ExportAlreadyRunning, failure.Kind);
        ExportJob[] running = Assert.IsType<ExportJob[]>(failure.Subject);
        Assert.Equal([server.Url("Job/1/$status?sig=secret"), server.Url("Job/2/$status"), server.Url("Job/3/$status")], running.Select(job => job.StatusUrl));
        Assert.All(running, job => Assert.Contains(job.StatusUrl.Split('?')[0], failure.Message, StringComparison.Ordinal));
        Assert.Contains("Get-ExportStatus", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_429_that_names_one_running_export_has_it_as_its_subject()
    {
        await using RecordingServer server = new(new Answer { Status = 429 }.With("Content-Location", "/Job/1/$status"));

        ExportJob running = Assert.IsType<ExportJob>((await KickOffFailureAsync(server)).Subject);

        Assert.Equal((server.Url("Job/1/$status"), server.Url("r4/")), (running.StatusUrl, running.Server));
    }

    private static void Skip(ExportEvent happening, SkippingClock clock)
    {
        if (happening is KickOffWaiting)
        {
            clock.SkipNextTimer();
        }
    }

    private async Task<ExportJob> KickOffAsync(RecordingServer server, ExportRequest? request = null)
    {
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        return await Exports.KickOffAsync(connection, request ?? new ExportRequest { GroupId = "g" }, new KickOffOptions { Timeout = TimeSpan.Zero }, _reports);
    }

    private Task<ExportException> KickOffFailureAsync(RecordingServer server, ExportRequest? request = null) =>
        Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, request));
}
