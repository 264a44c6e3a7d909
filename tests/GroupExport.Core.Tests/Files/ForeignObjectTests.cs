using GroupExport.Disk;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Links and pipes under the names that this module uses: nothing is written through a link, and nothing waits for a pipe.</summary>
public sealed class ForeignObjectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Victim => Path.Combine(Path.GetDirectoryName(_folder.Path)!, "victim");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Replaced => ["export.json.part", "manifest.json.part", "manifest.json", "export.json.damaged", "export.json.damaged.part", "Patient.0001.ndjson", "Patient.0001.ndjson.part", "error/OperationOutcome.0001.ndjson", "Patient.0001.ndjson.invalid"];

    public static TheoryData<string> Refused => ["export.json", "export.journal", ".export.lock", "error", "deleted"];

    [Theory]
    [MemberData(nameof(Replaced))]
    public async Task A_link_is_replaced_and_what_it_leads_to_stays(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        await File.WriteAllTextAsync(Victim, "precious");
        File.CreateSymbolicLink(_folder.File(name), Victim);

        Assert.Equal("Complete", await SaveAsync());

        Assert.Equal("precious", await File.ReadAllTextAsync(Victim));
        Assert.False(File.Exists(_folder.File(name)) && OrdinaryFile.IsLink(_folder.File(name)) && !name.Contains("damaged", StringComparison.Ordinal));
        Assert.Equal("Complete", Receipts.Open(_folder.Path).State);
    }

    [Theory]
    [MemberData(nameof(Replaced))]
    public async Task A_pipe_is_replaced_and_not_waited_for(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        NamedPipe.Make(_folder.File(name));

        Assert.Equal("Complete", await Task.Run(() => NamedPipe.Run(_folder.File(name), () => SaveAsync().GetAwaiter().GetResult())));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_link_is_refused_before_anything_is_fetched(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(_folder.Path);
        bool isFolder = name is "error" or "deleted";
        if (isFolder)
        {
            Directory.CreateDirectory(Victim);
            Directory.CreateSymbolicLink(_folder.File(name), Victim);
        }
        else
        {
            File.CreateSymbolicLink(_folder.File(name), Victim);
        }

        Refuses();

        Assert.Equal(isFolder, Directory.Exists(Victim));
        Assert.False(File.Exists(Victim));
        Assert.Empty(isFolder ? Directory.GetFileSystemEntries(Victim) : []);
        if (!isFolder)
        {
            await File.WriteAllTextAsync(Victim, "precious");
            Refuses();
            Assert.Equal("precious", await File.ReadAllTextAsync(Victim));
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_pipe_is_refused_and_not_waited_for(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(_folder.Path);
        NamedPipe.Make(_folder.File(name));

        NamedPipe.Run(_folder.File(name), () =>
        {
            Refuses();
            return true;
        });
        if (name is "export.json" or "export.journal")
        {
            Assert.Equal(ExportErrorKind.InvalidReceipt, NamedPipe.Run(_folder.File(name), () => Assert.Throws<ExportException>(() => Receipts.Open(_folder.Path)).Kind));
        }
    }

    [UnixFact]
    public async Task A_link_in_place_of_a_saved_file_is_missing_and_fetched_again()
    {
        Assert.Equal("Complete", await SaveAsync());
        File.Move(_folder.File("Patient.0001.ndjson"), Victim);
        File.CreateSymbolicLink(_folder.File("Patient.0001.ndjson"), Victim);
        Assert.Equal("Incomplete", Receipts.Open(_folder.Path).State);

        Assert.Equal("Complete", await SaveAsync());

        Assert.False(OrdinaryFile.IsLink(_folder.File("Patient.0001.ndjson")));
        Assert.Equal("Complete", Receipts.Open(_folder.Path).State);
    }

    [UnixFact]
    public async Task A_job_file_its_lock_and_its_part_are_no_links_and_no_pipes()
    {
        Directory.CreateDirectory(_folder.Path);
        string path = _folder.File("job.json");
        JobFileDocument document = new() { State = "Sending", Fingerprint = "f.s" };
        foreach (string name in new[] { "job.json", "job.json.lock", "job.json.part" })
        {
            await File.WriteAllTextAsync(Victim, "precious");
            File.Delete(_folder.File(name));
            File.CreateSymbolicLink(_folder.File(name), Victim);
            await TryAsync(path, document);
            Assert.Equal("precious", await File.ReadAllTextAsync(Victim));
            File.Delete(_folder.File(name));
            NamedPipe.Make(_folder.File(name));
            Assert.True(NamedPipe.Run(_folder.File(name), () => TryAsync(path, document).Wait(TimeSpan.FromMinutes(1))));
            File.Delete(_folder.File(name));
        }
    }

    /// <summary>Reads and writes; errors are of the documented kinds.</summary>
    private static async Task TryAsync(string path, JobFileDocument document)
    {
        try
        {
            using JobFile file = await JobFile.OpenAsync(path, CancellationToken.None);
            _ = file.Read();
            file.Write(document);
        }
        catch (ExportException failure)
        {
            Assert.True(failure.Kind is ExportErrorKind.InvalidJobFile or ExportErrorKind.JobFileNotWritable, failure.ToString());
        }
    }

    private void Refuses()
    {
        foreach (Action open in new Action[] { () => ExportFolder.Probe(_folder.Path), () => ExportFolder.OpenFor(Exports.JobAt("https://x.example/1"), _folder.Path).Dispose() })
        {
            ExportException failure = Assert.Throws<ExportException>(open);
            Assert.True(failure.Kind is ExportErrorKind.FolderNotWritable or ExportErrorKind.InvalidReceipt, failure.ToString());
        }
    }

    /// <summary>Saves a file of patients and one of messages, and returns the state.</summary>
    private async Task<string> SaveAsync()
    {
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/1"}""", error: """{"type":"OperationOutcome","url":"/error"}"""),
            arrival => Answer.Ndjson(arrival.Path == "/1" ? "{}\n" : """{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational"}]}"""));
        if (File.Exists(_folder.File("export.json")))
        {
            Sealed.Edit(_folder.File("export.json"), receipt => receipt["job"]!["statusUrl"] = server.Url("status/1"));
        }

        await Saves.SaveAsync(server, _folder);
        return Receipts.Open(_folder.Path).State;
    }
}
