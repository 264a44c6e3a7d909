using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Jobs;

/// <summary>A kick-off that the server accepts.</summary>
public sealed class KickOffTests
{
    [Fact]
    public async Task A_202_makes_a_job_that_holds_what_a_later_process_needs()
    {
        await using RecordingServer server = new(_ => Answer.Accepted("https://elsewhere.example.org/jobs/1?sig=a%2Bb") with
        {
            Body = "{\"Meta\":{\"Logs\":[{\"ID\":\"log-1\",\"AttemptID\":\"a\"},{\"ID\":\"log-2\"}]}}"u8.ToArray(),
        });
        FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 5, 0, 0, TimeSpan.FromHours(1)));
        using GroupExportConnection connection = (TestConnections.Redox(server) with { Clock = clock }).Open();
        ExportRequest request = new() { GroupId = "g", Patients = ["Patient/secret-1", "Patient/secret-2"], Types = ["Patient"], Since = "2026-11-01T00:00:00Z" };

        ExportJob job = await Exports.KickOffAsync(connection, request);

        Assert.Equal("https://elsewhere.example.org/jobs/1?sig=a%2Bb", job.StatusUrl);
        Assert.Equal("g", job.GroupId);
        Assert.Equal(server.Url("fhir/R4/redox-fhir-sandbox/Development/"), job.Server);
        Assert.Equal(new DateTime(2026, 11, 23, 4, 0, 0, DateTimeKind.Utc), job.StartedAt);
        Assert.Equal(DateTimeKind.Utc, job.StartedAt!.Value.Kind);
        Assert.Equal(2, job.PatientCount);
        Assert.Equal(["Patient"], job.Types);
        Assert.Equal(["_type", "_since", "patient"], job.Parameters);
        Assert.Equal(["log-1", "log-2"], job.RedoxLogIds);
        Assert.True(RequestFingerprint.Matches(job.Fingerprint!, request, connection.Server));
        Assert.Same(connection, job.Connection);
    }

    [Fact]
    public async Task A_job_shows_and_serializes_no_patient_and_no_query()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1?sig=secret"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g", Patients = ["Patient/secret-1"], TypeFilters = ["Patient?name=hidden"] });

        Assert.Equal($"g at {server.Url("status/1")}?…", job.ToString());
        string json = System.Text.Json.JsonSerializer.Serialize(job);
        Assert.DoesNotContain("secret-1", json, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Request-Id", "X-Correlation-Id")]
    [InlineData("Request-Id", "Correlation-Id")]
    [InlineData("x-amzn-requestid", "x-correlation-id")]
    public async Task The_ids_for_the_support_desk_are_kept(string requestHeader, string correlationHeader)
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1").With(requestHeader, "r-1").With(correlationHeader, "c-1"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });

        Assert.Equal("r-1", job.RequestId);
        Assert.Equal("c-1", job.CorrelationId);
    }

    [Theory]
    [InlineData("/status/1", "status/1")]
    [InlineData("status/1?x=1", "r4/Group/g/status/1?x=1")]
    [InlineData("../../status/1", "r4/status/1")]
    public async Task A_relative_status_URL_is_resolved_against_the_kick_off(string location, string expected)
    {
        await using RecordingServer server = new(Answer.Accepted(location));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });

        Assert.Equal(server.Url(expected), job.StatusUrl);
    }

    [Theory]
    [InlineData("projects/p/locations/l/operations/7")]
    [InlineData("projects/p/operations/7?alt=json")]
    public async Task The_name_of_a_resource_is_read_below_the_root_that_the_base_has_too(string name)
    {
        await using RecordingServer server = new(Answer.Accepted(name));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { FhirBase = new Uri(server.Root, "v1/projects/p/datasets/d/fhir/") }).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });

        Assert.Equal(server.Url("v1/" + name), job.StatusUrl);
    }

    [Fact]
    public async Task The_name_of_a_resource_elsewhere_is_no_status_URL_and_is_told()
    {
        await using RecordingServer server = new(Answer.Accepted("projects/p/operations/7?key=secret"));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.StatusUrlMissing, failure.Kind);
        Assert.Contains("'projects/p/operations/7'", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "respond-async")]
    [InlineData(true, "respond-async, handling=lenient")]
    public async Task Lenient_handling_is_asked_for_only_when_it_is_wanted(bool lenient, string prefer)
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"));
        using GroupExportConnection connection = TestConnections.Redox(server).Open();

        await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g", IsLenient = lenient });

        Assert.Equal(prefer, Assert.Single(server.Arrivals).Header("Prefer"));
    }

    [Fact]
    public async Task The_preferences_that_the_server_heeds_are_kept_from_one_header_or_several()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1").With("Preference-Applied", "respond-async").With("Preference-Applied", "handling=lenient"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        Reports reports = new();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g", IsLenient = true }, new KickOffOptions(), reports);

        Assert.Equal("respond-async, handling=lenient", job.PreferenceApplied);
        Assert.Contains(reports.Of<Remark>(), remark => remark.Text.Contains("respond-async, handling=lenient", StringComparison.Ordinal));
        Assert.Equal(job.PreferenceApplied, new ExportJob(job).PreferenceApplied);
    }

    [Fact]
    public async Task A_server_that_does_not_say_what_it_heeds_is_told_of_where_it_matters()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        Reports reports = new();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g", IsLenient = true }, new KickOffOptions(), reports);

        Assert.Null(job.PreferenceApplied);
        Assert.Contains(reports.Of<Remark>(), remark => remark.Text.Contains("does not say", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mailto:support@example.org")]
    [InlineData("http://")]
    public async Task A_202_without_a_usable_status_URL_says_whom_to_ask(string? location)
    {
        Answer accepted = location is null ? new Answer { Status = 202 } : Answer.Accepted(location);
        await using RecordingServer server = new(accepted.With("X-Request-Id", "r-1").With("X-Correlation-Id", "c-1"));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.StatusUrlMissing, failure.Kind);
        Assert.Equal(("r-1", "c-1"), (failure.RequestId, failure.CorrelationId));
        Assert.Contains("r-1", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"Meta\":null}")]
    [InlineData("{\"Meta\":{\"Logs\":[1,{\"ID\":null},{}]}}")]
    [InlineData("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"information\",\"code\":\"informational\"}]}")]
    public async Task Whatever_the_body_of_a_202_is_the_job_runs(string body)
    {
        await using RecordingServer server = new(Answer.Json(body, 202).With("Content-Location", "/status/1"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });

        Assert.Equal(server.Url("status/1"), job.StatusUrl);
        Assert.Empty(job.RedoxLogIds);
    }

    [Fact]
    public async Task A_202_whose_body_is_cut_off_is_a_job_all_the_same()
    {
        await using RecordingServer server = new(Answer.Json("{\"Meta\":{\"Logs\":[{\"ID\":\"log-1\"}]}}", 202).With("Content-Location", "/status/1") with { CutAt = 10 });
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });

        Assert.Equal(server.Url("status/1"), job.StatusUrl);
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task Interrupting_while_the_body_of_a_202_comes_does_not_lose_the_job()
    {
        await using RecordingServer server = new(Answer.Json("{\"Meta\":{}}", 202).With("Content-Location", "/status/1") with { StallAt = 3 });
        using CancellationTokenSource interrupt = new();
        InterruptingClock clock = new(interrupt);
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock, StallTimeout = InterruptingClock.Marked }).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }, interrupt.Token);

        Assert.Equal(server.Url("status/1"), job.StatusUrl);
    }

    /// <summary>Interrupts as soon as somebody begins to read a body, which is when the timer of the stall guard is made.</summary>
    private sealed class InterruptingClock(CancellationTokenSource interrupt) : FakeTimeProvider
    {
        public static TimeSpan Marked { get; } = TimeSpan.FromSeconds(61);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Marked)
            {
                interrupt.Cancel();
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
