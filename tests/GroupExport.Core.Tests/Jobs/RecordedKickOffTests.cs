using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>Starting an export at most once with a job file.</summary>
public sealed class RecordedKickOffTests : IDisposable
{
    private static readonly ExportRequest s_request = new()
    {
        GroupId = "g",
        Patients = ["Patient/secret-1", "Patient/secret-2"],
        Types = ["Patient", "Observation"],
        TypeFilters = ["Patient?identifier=hidden"],
        Since = "2026-11-01T00:00:00Z",
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Reports _reports = new();

    private string JobPath => Path.Combine(_folder.Path, "job.json");

    private JobFileDocument Recorded => JobFile.Read(JobPath)!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_started_export_is_recorded_before_and_after_without_patients_and_filters()
    {
        string? before = null;
        await using RecordingServer server = new(_ =>
        {
            before = File.ReadAllText(JobPath);
            return Answer.Accepted("/status/1");
        });

        ExportJob job = await StartAsync(server);

        Assert.Contains("\"Sending\"", before, StringComparison.Ordinal);
        Assert.Equal(JobPath, job.JobFile);
        Assert.Equal(("Running", server.Url("status/1"), 2), (Recorded.State, Recorded.Job!.StatusUrl, Recorded.Job.PatientCount));
        Assert.Equal("g", Recorded.GroupId);
        Assert.True(RequestFingerprint.Matches(Recorded.Fingerprint, s_request, server.Url("r4/")));
        Assert.All([before, File.ReadAllText(JobPath)], text =>
        {
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("hidden", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task One_that_runs_and_asks_for_the_same_comes_back_and_nothing_is_sent()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"), Answer.Accepted("/status/2"));
        await StartAsync(server);

        ExportJob again = await StartAsync(server, s_request with
        {
            Patients = ["Patient/secret-2", "Patient/secret-1"],
            Types = ["Observation", "Patient"],
            Envelope = new RedoxEnvelope { EventDateTime = "2030-01-01T00:00:00Z" },
        });

        Assert.Equal((server.Url("status/1"), JobPath), (again.StatusUrl, again.JobFile));
        Assert.NotNull(again.Connection);
        Assert.Equal("… is odd", again.Sent!.Mask("secret-1 is odd"));
        Assert.Single(server.Arrivals);
        Assert.Contains(_reports.Of<Remark>(), remark => remark.Text.Contains("No export was started", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_runs_and_asks_for_something_else_is_left_alone(bool force)
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"), Answer.Accepted("/status/2"));
        await StartAsync(server);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => StartAsync(server, s_request with { Since = "2026-11-02T00:00:00Z" }, force));

        Assert.Equal(ExportErrorKind.JobFileDiffers, failure.Kind);
        Assert.Equal(server.Url("status/1"), Assert.IsType<ExportJob>(failure.Subject).StatusUrl);
        Assert.Single(server.Arrivals);
        Assert.Equal("Running", Recorded.State);
    }

    [Fact]
    public async Task When_nobody_knows_whether_one_was_started_only_force_starts_another()
    {
        await using RecordingServer server = new(Answer.HangUp, Answer.Accepted("/status/2"));
        await Assert.ThrowsAsync<ExportException>(() => StartAsync(server));
        Assert.Equal("Sending", Recorded.State);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => StartAsync(server));

        Assert.Equal(ExportErrorKind.KickOffUncertain, failure.Kind);
        Assert.Contains("-Force", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Arrivals);

        Assert.Equal(server.Url("status/2"), (await StartAsync(server, force: true)).StatusUrl);
        Assert.Equal("Running", Recorded.State);
    }

    [Theory]
    [InlineData(502, "Sending", null)]
    [InlineData(202, "Sending", null)]
    [InlineData(400, "Failed", "KickOffRejected")]
    [InlineData(401, "Failed", "TokenRejected")]
    [InlineData(403, "Failed", "AccessDenied")]
    [InlineData(429, "Failed", "ExportAlreadyRunning")]
    public async Task A_refusal_that_started_nothing_lets_the_next_run_start(int status, string state, string? reason)
    {
        await using RecordingServer server = new(Answer.Plain(status), Answer.Accepted("/status/2"));

        await Assert.ThrowsAsync<ExportException>(() => StartAsync(server));

        Assert.Equal((state, reason), (Recorded.State, Recorded.Reason));
        if (state == "Failed")
        {
            Assert.Equal(server.Url("status/2"), (await StartAsync(server)).StatusUrl);
        }
    }

    [Theory]
    [InlineData(200, "/status/1", "", "Running")]
    [InlineData(201, "/status/1", "", "Running")]
    [InlineData(204, "/status/1", "", "Running")]
    [InlineData(200, "/status/1", """{"resourceType":"Bundle"}""", "Sending")]
    [InlineData(200, "/r4/Group/g/_history/1", "", "Sending")]
    [InlineData(200, null, """{"Meta":{"Errors":[{"Text":"no"}]}}""", "Failed")]
    public async Task A_success_other_than_202_is_recorded_as_what_it_is(int status, string? location, string body, string state)
    {
        Answer answer = Answer.Plain(status, body, "application/fhir+json");
        await using RecordingServer server = new(location is null ? answer : answer.With("Content-Location", location));

        await Record.ExceptionAsync(() => StartAsync(server));

        Assert.Equal((state, state == "Running"), (Recorded.State, Recorded.Job is not null));
        if (state == "Running")
        {
            await StartAsync(server);
        }

        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task While_it_waits_for_its_turn_the_file_does_not_say_that_something_was_sent()
    {
        SkippingClock clock = new();
        List<string> states = [];
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is KickOffWaiting)
                {
                    states.Add(Recorded.State);
                    clock.SkipNextTimer();
                }
            },
        };
        await using RecordingServer server = new(Answer.Plain(429), Answer.Accepted("/status/1"));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();

        await new RecordedKickOff(connection, s_request, JobPath, new KickOffOptions(), reports.Add).RunAsync(CancellationToken.None);

        Assert.Equal(["Failed"], states);
        Assert.Equal("Running", Recorded.State);
    }

    [Theory]
    [InlineData("Saved")]
    [InlineData("Failed")]
    [InlineData("Deleted")]
    public async Task One_that_is_over_lets_the_next_run_start_whatever_it_asks_for(string state)
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"), Answer.Accepted("/status/2"));
        ExportJob job = await StartAsync(server);
        await (state switch
        {
            "Saved" => JobFileMarks.SavedAsync(job, "/data", _reports.Add, CancellationToken.None),
            "Failed" => JobFileMarks.FailedAsync(job, ExportErrorKind.ExportFailed, _reports.Add, CancellationToken.None),
            _ => JobFileMarks.DeletedAsync(job, _reports.Add, CancellationToken.None),
        });
        Assert.Equal((state, server.Url("status/1")), (Recorded.State, Recorded.Job!.StatusUrl));

        ExportJob next = await StartAsync(server, s_request with { Since = "2026-11-02T00:00:00Z" });

        Assert.Equal(server.Url("status/2"), next.StatusUrl);
        Assert.Equal(("Running", server.Url("status/2"), null), (Recorded.State, Recorded.Job!.StatusUrl, Recorded.Folder));
    }

    [Fact]
    public async Task What_became_of_an_older_job_does_not_touch_the_file_of_a_newer_one()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"), Answer.Accepted("/status/2"));
        ExportJob older = await StartAsync(server);
        await JobFileMarks.DeletedAsync(older, _reports.Add, CancellationToken.None);
        await StartAsync(server);

        await JobFileMarks.SavedAsync(older, "/data", _reports.Add, CancellationToken.None);
        await JobFileMarks.FailedAsync(older, ExportErrorKind.JobNotFound, _reports.Add, CancellationToken.None);
        await JobFileMarks.DeletedAsync(older, _reports.Add, CancellationToken.None);

        Assert.Equal("Running", Recorded.State);
    }

    [Fact]
    public async Task A_job_that_is_saved_does_not_fail_any_more_and_one_that_is_deleted_is_not_saved_any_more()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"));
        ExportJob job = await StartAsync(server);

        await JobFileMarks.SavedAsync(job, "/data", _reports.Add, CancellationToken.None);
        await JobFileMarks.FailedAsync(job, ExportErrorKind.JobNotFound, _reports.Add, CancellationToken.None);
        Assert.Equal(("Saved", "/data"), (Recorded.State, Recorded.Folder));

        await JobFileMarks.DeletedAsync(job, _reports.Add, CancellationToken.None);
        await JobFileMarks.SavedAsync(job, "/other", _reports.Add, CancellationToken.None);
        Assert.Equal(("Deleted", "/data"), (Recorded.State, Recorded.Folder));
        Assert.Empty(_reports.Of<Caution>());
    }

    [Fact]
    public async Task A_job_is_told_of_though_its_file_cannot_be_written_any_more()
    {
        await using RecordingServer server = new(_ =>
        {
            File.Delete(JobPath);
            Directory.CreateDirectory(JobPath);
            return Answer.Accepted("/status/1");
        });

        ExportJob job = await StartAsync(server);

        Assert.Equal(server.Url("status/1"), job.StatusUrl);
        Assert.Contains(server.Url("status/1"), Assert.Single(_reports.Of<Caution>()).Text, StringComparison.Ordinal);
    }

    private async Task<ExportJob> StartAsync(RecordingServer server, ExportRequest? request = null, bool force = false)
    {
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        return await new RecordedKickOff(connection, request ?? s_request, JobPath, new KickOffOptions { Timeout = TimeSpan.Zero }, _reports.Add) { Force = force }.RunAsync(CancellationToken.None);
    }
}
