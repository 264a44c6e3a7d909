using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>A finished export is not removed before its files are verified, where something tells that they are not.</summary>
public sealed class RemovalGuardTests : IDisposable
{
    private static readonly string s_finished = Saves.OneFile();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_asked_where_nothing_tells()
    {
        await using RecordingServer server = new(Answer.Json(s_finished));

        await CheckAsync(server, Exports.JobAt(server), folder: null);

        Assert.Empty(server.Arrivals);
    }

    [Fact]
    public async Task What_is_verified_may_go_and_nothing_is_asked()
    {
        await using RecordingServer server = Saves.Server(s_finished, _ => Answer.Ndjson("{\"resourceType\":\"Patient\"}\n"));
        await Saves.SaveAsync(server, _folder);
        int asked = server.Arrivals.Count;

        await CheckAsync(server, Exports.JobAt(server), _folder.Path);

        Assert.Equal(asked, server.Arrivals.Count);
    }

    [Fact]
    public async Task What_was_verified_and_is_gone_may_not()
    {
        await using RecordingServer server = Saves.Server(s_finished, _ => Answer.Ndjson("{\"resourceType\":\"Patient\"}\n"));
        await Saves.SaveAsync(server, _folder);
        File.Delete(_folder.File("Patient.0001.ndjson"));

        ExportException failure = await RefusalAsync(server, Exports.JobAt(server), _folder.Path);

        Assert.Contains("0 of 1 files", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-Force", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_finished_export_of_which_the_folder_knows_nothing_is_kept(bool hasOther)
    {
        await using RecordingServer server = new(Answer.Json(s_finished));
        if (hasOther)
        {
            ExportFolder.OpenFor(Exports.JobAt(server, "status/2"), _folder.Path).Dispose();
        }

        ExportException failure = await RefusalAsync(server, Exports.JobAt(server), _folder.Path);

        Assert.Contains(hasOther ? "another export" : "no receipt", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, int> Deletable => new() { { "running", 202 }, { "failed", 500 }, { "gone", 404 }, { "empty", 200 } };

    [Theory]
    [MemberData(nameof(Deletable))]
    public async Task One_that_runs_or_has_nothing_to_lose_may_go(string what, int status)
    {
        await using RecordingServer server = new(what == "empty" ? Answer.Json(Saves.Manifest("")) : Answer.Outcome(status, what));

        await CheckAsync(server, Exports.JobAt(server), _folder.Path);

        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task When_the_server_does_not_say_it_is_kept()
    {
        await using RecordingServer server = new(Answer.Plain(503));

        Assert.Contains("cannot say at present", (await RefusalAsync(server, Exports.JobAt(server), _folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_is_known_is_not_asked_for_again()
    {
        await using RecordingServer server = new(Answer.Json(s_finished));
        ExportStatus status = (await Exports.AskAsync(server)).Status;

        await RefusalAsync(server, status, _folder.Path);
        await CheckAsync(server, new ExportStatus(status) { State = ExportStatus.Failed }, _folder.Path);

        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData("Running", true)]
    [InlineData("Failed", true)]
    [InlineData("Saved", false)]
    [InlineData("Deleted", false)]
    public async Task A_job_file_tells_too(string state, bool kept)
    {
        await using RecordingServer server = new(Answer.Json(s_finished));
        string path = Path.Combine(_folder.Path, "job.json");
        ExportJob job = new(Exports.JobAt(server)) { JobFile = path };
        using (JobFile file = await JobFile.OpenAsync(path, CancellationToken.None))
        {
            file.Write(new JobFileDocument { State = state, Fingerprint = "f.s", Job = job });
        }

        await (kept ? RefusalAsync(server, job, folder: null) : CheckAsync(server, job, folder: null));
    }

    private static async Task CheckAsync(RecordingServer server, ExportJob job, string? folder)
    {
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        await new RemovalGuard(connection, job, folder).CheckAsync(_ => { }, CancellationToken.None);
    }

    private static async Task<ExportException> RefusalAsync(RecordingServer server, ExportJob job, string? folder)
    {
        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => CheckAsync(server, job, folder));
        Assert.Equal(ExportErrorKind.FilesNotVerified, failure.Kind);
        Assert.Same(job, failure.Subject);
        return failure;
    }
}
