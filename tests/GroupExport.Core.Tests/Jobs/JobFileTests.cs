using System.Runtime.Versioning;
using GroupExport.Jobs;
using GroupExport.Tests.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>A job file on disk.</summary>
public sealed class JobFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string JobPath => Path.Combine(_folder.Path, "jobs", "nightly.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_is_read_again_and_knows_where_it_lies()
    {
        ExportJob job = new(Exports.JobAt("https://fhir.example.org/status/1?x=%20")) { JobFile = "/elsewhere.json", PreferenceApplied = "respond-async", Scope = "s.h", Fingerprint = "f.h", RedoxLogIds = ["log-1"] };
        using (JobFile file = await JobFile.OpenAsync(JobPath, CancellationToken.None))
        {
            file.Write(Document(JobFileDocument.Saved) with { Job = job, Folder = "/data", Reason = "none" });
        }

        JobFileDocument read = JobFile.Read(JobPath)!;

        Assert.Equal(("Saved", "f.s", "/data", "none", "g"), (read.State, read.Fingerprint, read.Folder, read.Reason, read.GroupId));
        Assert.Equal(JobPath, read.Job!.JobFile);
        Assert.Equal((job.StatusUrl, job.GroupId, job.StartedAt, "respond-async", "s.h", "f.h"), (read.Job.StatusUrl, read.Job.GroupId, read.Job.StartedAt, read.Job.PreferenceApplied, read.Job.Scope, read.Job.Fingerprint));
        Assert.Equal(["log-1"], read.Job.RedoxLogIds);
        Assert.DoesNotContain("elsewhere", File.ReadAllText(JobPath), StringComparison.Ordinal);
        Assert.Equal(["nightly.json", "nightly.json.lock"], Directory.GetFiles(Path.GetDirectoryName(JobPath)!).Select(Path.GetFileName).Order());
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task It_can_be_read_by_its_owner_only()
    {
        using (JobFile file = await JobFile.OpenAsync(JobPath, CancellationToken.None))
        {
            file.Write(Document(JobFileDocument.Sending));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JobPath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(JobPath + ".lock"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(JobPath)!));
    }

    [Fact]
    public async Task While_one_works_with_it_another_is_kept_out_and_reading_goes_on()
    {
        using JobFile first = await JobFile.OpenAsync(JobPath, CancellationToken.None);
        first.Write(Document(JobFileDocument.Sending));

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => JobFile.OpenAsync(JobPath, CancellationToken.None));

        Assert.Equal(ExportErrorKind.JobFileInUse, failure.Kind);
        Assert.Equal(JobPath, failure.Subject);
        Assert.Equal("Sending", JobFile.Read(JobPath)!.State);
    }

    [Fact]
    public void Where_there_is_no_file_nothing_is_read() => Assert.Null(JobFile.Read(JobPath));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"version":1,"state":"Running"}""")]
    [InlineData("""{"version":2,"state":"Sending","fingerprint":"a.b"}""")]
    [InlineData("""{"version":1,"state":"Dreaming","fingerprint":"a.b"}""")]
    [InlineData("""{"version":1,"state":"Sending","fingerprint":""}""")]
    [InlineData("""{"version":1,"state":"Running","fingerprint":"a.b"}""")]
    [InlineData("""{"version":1,"state":"Running","fingerprint":"a.b","job":{"statusUrl":"status/1"}}""")]
    [InlineData("""{"version":1,"state":"Complete","job":{"statusUrl":"https://fhir.example.org/status/1"},"files":[]}""")]
    public void What_is_no_job_file_is_not_taken_for_one(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JobPath)!);
        File.WriteAllText(JobPath, text);

        ExportException failure = Assert.Throws<ExportException>(() => JobFile.Read(JobPath));

        Assert.Equal(ExportErrorKind.InvalidJobFile, failure.Kind);
        Assert.Equal(JobPath, failure.Subject);
        Assert.Equal(text, File.ReadAllText(JobPath));
    }

    [Fact]
    public async Task A_place_that_is_no_folder_cannot_be_written_to()
    {
        Directory.CreateDirectory(_folder.Path);
        string file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => JobFile.OpenAsync(Path.Combine(file, "job.json"), CancellationToken.None));

        Assert.Equal(ExportErrorKind.JobFileNotWritable, failure.Kind);
    }

    private static JobFileDocument Document(string state) => new() { State = state, Fingerprint = "f.s", GroupId = "g", Server = "https://fhir.example.org/" };
}
