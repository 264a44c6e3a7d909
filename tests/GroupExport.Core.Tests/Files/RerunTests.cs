using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Going on with an export that was saved in part.</summary>
public sealed class RerunTests
{
    private const string Three = """{"type":"Patient","url":"/1"},{"type":"Patient","url":"/2"},{"type":"Patient","url":"/3"}""";

    [Fact]
    public async Task A_rerun_fetches_only_what_is_missing()
    {
        bool broken = true;
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), arrival => arrival.Path == "/2" && broken ? Answer.Plain(404) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        Assert.Equal(("Incomplete", 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
        broken = false;

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(["AlreadySaved", "Saved", "AlreadySaved"], reports.Of<FileDone>().OrderBy(done => done.File.Name, StringComparer.Ordinal).Select(done => done.File.State));
        Assert.Equal((1, 5, 1), (server.To("/1").Count, server.To("/2").Count, server.To("/3").Count));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task When_all_is_there_the_server_is_not_asked()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        int asked = server.Arrivals.Count;

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(asked, server.Arrivals.Count);
        Assert.Equal(3, reports.Of<FileDone>().Count(done => done.File.State == "AlreadySaved"));
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("shortened")]
    public async Task A_file_that_is_no_longer_what_the_receipt_says_is_fetched_again(string damage)
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        if (damage == "removed")
        {
            File.Delete(folder.File("Patient.0002.ndjson"));
        }
        else
        {
            await File.WriteAllTextAsync(folder.File("Patient.0002.ndjson"), "{");
        }

        await Saves.SaveAsync(server, folder);

        Assert.Equal((1, 2, 1), (server.To("/1").Count, server.To("/2").Count, server.To("/3").Count));
        Assert.Equal("{}\n", await File.ReadAllTextAsync(folder.File("Patient.0002.ndjson")));
    }

    [Fact]
    public async Task A_part_is_never_taken_for_the_file()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson("{\"id\":\"new\"}\n"));
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Path);
        await File.WriteAllTextAsync(folder.File("Patient.0001.ndjson.part"), "{\"id\":\"old, and longer than the new one\"}\n");

        await Saves.SaveAsync(server, folder);

        Assert.Equal("{\"id\":\"new\"}\n", await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
        Assert.DoesNotContain("Patient.0001.ndjson.part", folder.Names);
    }

    [Fact]
    public async Task After_an_interruption_the_journal_tells_what_is_saved_and_a_half_written_line_is_no_line()
    {
        using CancellationTokenSource interrupt = new();
        bool interrupting = true;
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), arrival =>
        {
            if (arrival.Path == "/3" && interrupting)
            {
                interrupt.Cancel();
                return Answer.HangUp;
            }

            return Answer.Ndjson("{}\n");
        });
        using TemporaryFolder folder = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Saves.SaveAsync(server, folder, new SaveSetup { ThrottleLimit = 1, Interrupt = interrupt.Token }));
        Assert.Equal(("Incomplete", 3, 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).FileCount, Receipts.Open(folder.Path).SavedCount));
        string[] journal = await File.ReadAllLinesAsync(folder.File("export.journal"));
        Assert.Equal(2, journal.Length);
        await File.WriteAllTextAsync(folder.File("export.journal"), journal[0] + "\n" + journal[1][..40]);
        Assert.Equal(1, Receipts.Open(folder.Path).SavedCount);
        interrupting = false;

        await Saves.SaveAsync(server, folder);

        Assert.Equal((1, 2, 2), (server.To("/1").Count, server.To("/2").Count, server.To("/3").Count));
        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", 3), (receipt.State, receipt.SavedCount));
        Assert.DoesNotContain("export.journal", folder.Names);
    }

    [Fact]
    public async Task A_receipt_is_a_job_that_can_be_gone_on_with()
    {
        bool broken = true;
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => broken ? Answer.Plain(404) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        broken = false;

        await Saves.SaveAsync(server, folder, new SaveSetup { Job = Receipts.Open(folder.Path) });

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", server.Url("status/1"), "diabetes-2026"), (receipt.State, receipt.StatusUrl, receipt.GroupId));
        Assert.All(server.Arrivals, arrival => Assert.Equal("GET", arrival.Verb));
    }

    [Fact]
    public async Task Saving_some_of_the_files_leaves_the_others_planned()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest(Three), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { Only = new HashSet<string> { "Patient.0002.ndjson" } });

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal("Incomplete", receipt.State);
        Assert.Equal(["Planned", "Saved", "Planned"], receipt.Files.Select(file => file.State));
        Assert.Equal((0, 1, 0), (server.To("/1").Count, server.To("/2").Count, server.To("/3").Count));
    }

    [Fact]
    public async Task The_files_of_another_export_are_left_alone()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        string before = await File.ReadAllTextAsync(folder.File("export.json"));
        ExportJob other = Exports.JobAt(server, "status/2");

        ExportException failure = Assert.Throws<ExportException>(() => ExportFolder.OpenFor(other, folder.Path));

        Assert.Equal(ExportErrorKind.FolderHoldsOtherExport, failure.Kind);
        Assert.Same(other, failure.Subject);
        Assert.Equal(before, await File.ReadAllTextAsync(folder.File("export.json")));
        using ExportFolder free = ExportFolder.OpenFor(Exports.JobAt(server), folder.Path);
        Assert.Equal("Complete", free.Receipt.State);
    }
}
