using System.Text;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Saving to a folder whose receipt is damaged: what proves itself is kept, and the rest is fetched.</summary>
public sealed class SalvageTests
{
    private const string Three = """{"type":"Patient","url":"/1","count":1},{"type":"Patient","url":"/2"},{"type":"Observation","url":"/3"}""";

    [Fact]
    public async Task Whatever_line_of_a_receipt_is_damaged_the_export_is_complete_again_with_each_file_once()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), Body);
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        byte[] whole = await File.ReadAllBytesAsync(folder.File("export.json"));
        string[] names = [.. folder.Names, "export.json.damaged"];
        string lines = Encoding.UTF8.GetString(whole);
        List<(string, byte[])> damages = [.. Damage.Lines(whole)];
        for (int start = 0; start < whole.Length; start = lines.IndexOf('\n', start) + 1)
        {
            // In the middle of the value, or of the name where there is none.
            int end = lines.IndexOf('\n', start) is >= 0 and var found ? found : whole.Length;
            byte[] flipped = [.. whole];
            flipped[Math.Max(start, end - 4)] ^= 1;
            damages.Add(($"line at {start}", flipped));
            if (end == whole.Length)
            {
                break;
            }
        }

        int kept = 0;
        foreach ((string what, byte[] content) in damages)
        {
            await File.WriteAllBytesAsync(folder.File("export.json"), content);
            int before = server.Arrivals.Count(arrival => arrival.Path != "/status/1");
            Reports reports;
            try
            {
                reports = await Saves.SaveAsync(server, folder);
            }
            catch (ExportException failure) when (failure.Kind == ExportErrorKind.InvalidReceipt)
            {
                // The status URL itself, or the version.
                Assert.Equal(content, await File.ReadAllBytesAsync(folder.File("export.json")));
                continue;
            }

            ExportReceipt receipt = Receipts.Open(folder.Path);
            Assert.True(receipt is { State: "Complete", FileCount: 3, SavedCount: 3, ResourceCount: 3, TransactionTime: "2026-11-23T00:00:00Z" }, $"{what}: {receipt.State} {receipt.FileCount} {receipt.ResourceCount}");
            Assert.Equal(["Patient.0001.ndjson", "Patient.0002.ndjson", "Observation.0001.ndjson"], receipt.Files.Select(file => file.Name));
            Assert.True(folder.Names.All(names.Contains), what);
            int fetched = server.Arrivals.Count(arrival => arrival.Path != "/status/1") - before;
            Assert.True(fetched <= 2 || reports.Of<Caution>().Count > 0, what);
            kept += 3 - fetched;
        }

        Assert.True(kept > damages.Count * 2, $"{kept} kept after {damages.Count} damages");
    }

    [Fact]
    public async Task One_warning_says_what_was_kept_and_the_damaged_receipt_is_set_aside()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), Body);
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        string damaged = (await File.ReadAllTextAsync(folder.File("export.json"))).Replace("\"Complete\"", "\"complete\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("export.json"), damaged);
        await File.WriteAllTextAsync(folder.File("Patient.0002.ndjson"), "{\"no\":9}\n");

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Single(reports.Of<Caution>(), caution => caution.Text.Contains("2 of 3 saved files", StringComparison.Ordinal));
        Assert.Equal((1, 2, 1), (server.To("/1").Count, server.To("/2").Count, server.To("/3").Count));
        Assert.Equal(damaged, await File.ReadAllTextAsync(folder.File("export.json.damaged")));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        Assert.All(Receipts.Open(folder.Path).Files, file => Assert.Equal(1, file.Count));
    }

    [Fact]
    public async Task The_journal_gives_what_a_damaged_receipt_of_an_interrupted_run_does_not_have()
    {
        bool broken = true;
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), arrival => broken && arrival.Path == "/3" ? Answer.Plain(400) : Body(arrival));
        using TemporaryFolder folder = new();
        byte[]? receipt = null;
        byte[]? journal = null;
        int verified = 0;
        Reports watching = new()
        {
            OnReport = reported =>
            {
                if (reported is FileDone { File.State: "Saved" } && ++verified == 2)
                {
                    receipt = File.ReadAllBytes(folder.File("export.json"));
                    journal = File.ReadAllBytes(folder.File("export.journal"));
                }
            },
        };
        await Saves.SaveAsync(server, folder, new SaveSetup { ThrottleLimit = 1, Reports = watching });
        broken = false;
        await File.WriteAllBytesAsync(folder.File("export.json"), receipt![..^20]);
        await File.WriteAllBytesAsync(folder.File("export.journal"), journal!);

        await Saves.SaveAsync(server, folder);

        Assert.Equal((1, 1), (server.To("/1").Count, server.To("/2").Count));
        Assert.Equal(("Complete", 3), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).FileCount));
    }

    [Fact]
    public async Task A_damaged_receipt_that_may_be_of_another_export_is_left_alone()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), Body);
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        string damaged = (await File.ReadAllTextAsync(folder.File("export.json"))).Replace("status/1", "status/2", StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder.File("export.json"), damaged);

        ExportException failure = Assert.Throws<ExportException>(() => ExportFolder.OpenFor(Exports.JobAt(server), folder.Path));

        Assert.Equal(ExportErrorKind.InvalidReceipt, failure.Kind);
        Assert.Contains("empty folder", failure.Message, StringComparison.Ordinal);
        Assert.Equal(damaged, await File.ReadAllTextAsync(folder.File("export.json")));
    }

    [Fact]
    public async Task A_job_is_known_by_the_fingerprint_of_its_request_too()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), Body);
        using TemporaryFolder folder = new();
        ExportJob job = new(Exports.JobAt(server)) { Fingerprint = "c2FsdA.aGFzaA" };
        await Saves.SaveAsync(server, folder, new SaveSetup { Job = job });
        await File.WriteAllTextAsync(folder.File("export.json"), (await File.ReadAllTextAsync(folder.File("export.json"))).Replace("status/1", "status/3", StringComparison.Ordinal));

        await Saves.SaveAsync(server, folder, new SaveSetup { Job = job });

        Assert.Equal(("Complete", server.Url("status/1")), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).StatusUrl));
        Assert.Equal((1, 1, 1), (server.To("/1").Count, server.To("/2").Count, server.To("/3").Count));
    }

    [Fact]
    public async Task A_stopped_recovery_leaves_the_damaged_receipt_for_the_next_run()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), Body);
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        await File.AppendAllTextAsync(folder.File("export.json"), "}");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Saves.SaveAsync(server, folder, new SaveSetup { Interrupt = new CancellationToken(canceled: true) }));
        await Saves.SaveAsync(server, folder);

        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        Assert.Equal((1, 1, 1), (server.To("/1").Count, server.To("/2").Count, server.To("/3").Count));
    }

    private static Answer Body(Arrival arrival) => Answer.Ndjson($"{{\"no\":{arrival.Path[1..]}}}\n");
}
