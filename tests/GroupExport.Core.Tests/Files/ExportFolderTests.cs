using System.Diagnostics;
using System.Runtime.Versioning;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Lock, permissions and disk.</summary>
public sealed class ExportFolderTests
{
    private static readonly ExportJob s_job = Exports.JobAt("https://x.example/status/1");

    [Fact]
    public void Nobody_else_saves_to_a_folder_that_is_in_use()
    {
        using TemporaryFolder folder = new();
        using (ExportFolder.OpenFor(s_job, folder.Path))
        {
            ExportException failure = Assert.Throws<ExportException>(() => ExportFolder.OpenFor(s_job, folder.Path));
            Assert.Equal(ExportErrorKind.FolderInUse, failure.Kind);
            Assert.Equal(folder.Path, failure.Subject);
        }

        using ExportFolder free = ExportFolder.OpenFor(s_job, folder.Path);
        Assert.Equal(s_job.StatusUrl, free.Receipt.Job.StatusUrl);
    }

    [UnixFact("/usr/bin/flock")]
    public async Task Another_process_sees_the_lock_too()
    {
        using TemporaryFolder folder = new();
        using (ExportFolder.OpenFor(s_job, folder.Path))
        {
            Assert.Equal(1, await FlockAsync(folder));
        }

        Assert.Equal(0, await FlockAsync(folder));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task Folders_are_0700_and_files_0600()
    {
        const string message = """{"type":"OperationOutcome","url":"/2"}""";
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/1"},{"type":"Patient","url":"/bad","count":5}""", error: message), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);

        Assert.Equal([".export.lock", "Patient.0001.ndjson", "Patient.0002.ndjson.invalid", "error/OperationOutcome.0001.ndjson", "export.json", "manifest.json"], folder.Names);
        Assert.All(folder.Names, name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File(name))));
        UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(ownerOnly, File.GetUnixFileMode(folder.Path));
        Assert.Equal(ownerOnly, File.GetUnixFileMode(folder.File("error")));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_journal_and_a_part_are_0600_while_they_last()
    {
        using TemporaryFolder folder = new();
        Dictionary<string, UnixFileMode> modes = [];
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/1"},{"type":"Patient","url":"/2"}"""), arrival => Answer.Ndjson("{}\n") with { CutAt = arrival.Path == "/2" ? 1 : null });
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is FileDone { File.State: "Failed" })
                {
                    modes.Add("part", File.GetUnixFileMode(folder.File("Patient.0002.ndjson.part")));
                    modes.Add("journal", File.GetUnixFileMode(folder.File("export.journal")));
                }
            },
        };

        await Saves.SaveAsync(server, folder, new SaveSetup { Reports = reports, ThrottleLimit = 1 });

        Assert.Equal(["part", "journal"], modes.Keys);
        Assert.All(modes.Values, mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
    }

    [Fact]
    public void A_path_that_is_a_file_cannot_be_written_to()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Path)!);
        File.WriteAllText(folder.Path, "a file");

        ExportException failure = Assert.Throws<ExportException>(() => ExportFolder.OpenFor(s_job, folder.Path));

        Assert.Equal(ExportErrorKind.FolderNotWritable, failure.Kind);
        Assert.Equal("a file", File.ReadAllText(folder.Path));
    }

    [UnixFact("/dev/full")]
    public async Task A_disk_that_is_full_is_not_taken_for_a_fault_of_the_network()
    {
        // A part that lies on a device without room, by way of a link that is followed when a part is gone on with.
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Path);
        File.CreateSymbolicLink(folder.File("x.part"), "/dev/full");
        using PartFile part = new(folder.File("x.part"));
        part.Continue();
        using PartStream full = new(part);
        using MemoryStream body = new("{}\n"u8.ToArray());

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => new ContentPass(scan: null, long.MaxValue, _ => { }).RunAsync(body, full, CancellationToken.None));

        Assert.Equal(ExportErrorKind.DiskWriteFailed, failure.Kind);
    }

    [UnixFact]
    public async Task A_link_that_lies_where_a_part_is_to_be_written_does_not_get_the_data()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Path);
        string elsewhere = folder.Path + ".elsewhere";
        await File.WriteAllTextAsync(elsewhere, "untouched");
        File.CreateSymbolicLink(folder.File("Patient.0001.ndjson.part"), elsewhere);

        await Saves.SaveAsync(server, folder);

        Assert.Equal("untouched", await File.ReadAllTextAsync(elsewhere));
        Assert.Equal("{}\n", await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
        File.Delete(elsewhere);
    }

    [Fact]
    public async Task A_part_that_cannot_be_opened_is_a_fault_of_the_disk()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("Patient.0001.ndjson.part"));

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.DiskWriteFailed, Assert.Single(reports.Of<Stopped>()).Exception.Kind);
    }

    [Fact]
    public async Task A_file_that_cannot_get_its_name_is_a_fault_of_the_disk()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("Patient.0001.ndjson/in the way"));

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.DiskWriteFailed, Assert.Single(reports.Of<Stopped>()).Exception.Kind);
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    private static async Task<int> FlockAsync(TemporaryFolder folder)
    {
        using Process flock = Process.Start("/usr/bin/flock", ["--nonblock", folder.File(ExportFolder.LockName), "true"]);
        await flock.WaitForExitAsync();
        return flock.ExitCode;
    }
}
