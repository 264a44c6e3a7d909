using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>A server that answers a kick-off with a job that it had already is told of, with both explanations.</summary>
public sealed class EarlierJobTests : IDisposable
{
    private static readonly DateTime s_accepted = new(2026, 11, 23, 4, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly Reports _reports = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2026-11-23T03:49:59Z", true)]
    [InlineData("2026-11-22T23:49:59.5-04:00", true)]
    [InlineData("2026-11-23T03:50:00Z", false)]
    [InlineData("2026-11-23T04:00:05Z", false)]
    [InlineData("2026/01/20 16:53:41.160 -0500", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Data_of_more_than_10_minutes_before_the_kick_off_has_a_warning(string? transactionTime, bool isOld)
    {
        string? warning = EarlierJob.Warning(Complete(transactionTime, s_accepted));

        Assert.Equal(isOld, warning is not null);
        if (isOld)
        {
            Assert.Contains("snapshot", warning, StringComparison.Ordinal);
            Assert.Contains("earlier job", warning, StringComparison.Ordinal);
            Assert.Contains(transactionTime!, warning, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_time_of_the_server_there_is_no_warning() => Assert.Null(EarlierJob.Warning(Complete("2020-01-01T00:00:00Z", accepted: null)));

    [Fact]
    public async Task The_time_is_that_of_the_servers_own_clock_and_stays_with_the_job()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1").With("Date", "Mon, 23 Nov 2020 04:00:00 GMT"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        string path = Path.Combine(_folder.Path, "job.json");

        await new RecordedKickOff(connection, new ExportRequest { GroupId = "g" }, path, new KickOffOptions(), _reports.Add).RunAsync(CancellationToken.None);

        Assert.Equal(new DateTime(2020, 11, 23, 4, 0, 0, DateTimeKind.Utc), JobFile.Read(path)!.Job!.AcceptedAt);
    }

    [Fact]
    public async Task A_status_URL_that_the_job_file_shows_already_has_a_warning()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        string path = Path.Combine(_folder.Path, "job.json");
        ExportJob first = await KickOffAsync(connection, path);
        await JobFileMarks.SavedAsync(first, "/data", _reports.Add, CancellationToken.None);
        AgeJob(path);
        Assert.Empty(_reports.Of<Caution>());

        await KickOffAsync(connection, path);

        string warning = Assert.Single(_reports.Of<Caution>()).Text;
        Assert.Contains(path, warning, StringComparison.Ordinal);
        Assert.Contains("snapshot", warning, StringComparison.Ordinal);
        Assert.Contains("earlier job", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_URL_of_the_export_that_this_one_follows_has_a_warning()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        ExportJob earlier = Exports.JobAt(server);

        await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }, new KickOffOptions { Earlier = [(earlier, "/data/before")] }, _reports);

        Assert.Contains("/data/before", Assert.Single(_reports.Of<Caution>()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3600, true)]
    public async Task A_new_job_in_the_folder_of_an_old_one_has_a_warning_and_the_same_job_has_none(int seconds, bool isOld)
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1" ? Answer.Json(Saves.OneFile()) : Answer.Ndjson("{\"resourceType\":\"Patient\"}\n"));
        ExportJob first = Exports.JobAt(server);
        await Saves.SaveAsync(server, _folder, new SaveSetup { Job = first });
        ExportJob again = new(first) { StartedAt = first.StartedAt!.Value.AddSeconds(seconds) };

        Reports reports = await Saves.SaveAsync(server, _folder, new SaveSetup { Job = again });

        Assert.Equal(isOld, reports.Of<Caution>().Any(caution => caution.Text.Contains(_folder.Path, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_old_transaction_time_has_one_warning_when_the_files_are_saved()
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1" ? Answer.Json(Saves.OneFile()) : Answer.Ndjson("{\"resourceType\":\"Patient\"}\n"));
        ExportJob job = new(Exports.JobAt(server)) { AcceptedAt = new DateTime(2026, 11, 24, 0, 0, 0, DateTimeKind.Utc) };

        Reports reports = await Saves.SaveAsync(server, _folder, new SaveSetup { Job = job });

        Assert.Single(reports.Of<Caution>(), caution => caution.Text.Contains("snapshot", StringComparison.Ordinal));
    }

    private static ExportStatus Complete(string? transactionTime, DateTime? accepted) =>
        new(new ExportJob { StatusUrl = "https://x.example/1", GroupId = "g", AcceptedAt = accepted }) { State = ExportStatus.Complete, TransactionTime = transactionTime };

    private static void AgeJob(string path)
    {
        JobFileDocument known = JobFile.Read(path)!;
        using JobFile file = JobFile.OpenAsync(path, CancellationToken.None).GetAwaiter().GetResult();
        file.Write(known with { Job = new ExportJob(known.Job!) { StartedAt = known.Job!.StartedAt!.Value.AddHours(-1) } });
    }

    private Task<ExportJob> KickOffAsync(GroupExportConnection connection, string path) =>
        new RecordedKickOff(connection, new ExportRequest { GroupId = "g" }, path, new KickOffOptions(), _reports.Add).RunAsync(CancellationToken.None);
}
