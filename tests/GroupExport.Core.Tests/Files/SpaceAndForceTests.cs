using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Before the first byte: room on the disk. After the last one: fetching all of it again.</summary>
public sealed class SpaceAndForceTests
{
    [Fact]
    public async Task Files_that_the_disk_cannot_take_are_not_begun()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/1","fileSize":4000000000000000},{"type":"Patient","url":"/2","fileSize":2}"""), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.NotEnoughSpace, Assert.Single(reports.Of<Stopped>()).Exception.Kind);
        Assert.Equal(["/status/1"], server.Arrivals.Select(arrival => arrival.Path));
        Assert.Equal(("Incomplete", 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).FileCount));
    }

    [Fact]
    public async Task Sizes_beyond_all_measure_are_too_large_and_nothing_worse()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/1","fileSize":9223372036854775807},{"type":"Patient","url":"/2","fileSize":9223372036854775807}"""), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.NotEnoughSpace, Assert.Single(reports.Of<Stopped>()).Exception.Kind);
    }

    [Fact]
    public async Task What_lies_in_a_part_needs_no_room_again()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.Path);
        long available = new DriveInfo(folder.Path).AvailableFreeSpace;
        await using (FileStream part = File.Create(folder.File("Patient.0001.ndjson.part")))
        {
            // A hole takes no room, so that this stands for a part on a disk that is nearly full.
            part.SetLength(available + 10_000);
        }

        await using RecordingServer server = Saves.Server(Saves.OneFile($",\"fileSize\":{available + 20_000}"), _ => Answer.Ndjson("{}\n"));

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Empty(reports.Of<Stopped>());
        Assert.Equal("Saved", reports.File().State);
    }

    [Fact]
    public async Task Forced_everything_is_fetched_again_and_replaced_only_by_what_came()
    {
        string body = "{\"run\":1}\n";
        bool broken = false;
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/1"},{"type":"Patient","url":"/2"}"""), arrival => broken && arrival.Path == "/2" ? Answer.Plain(400) : Answer.Ndjson(body));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        (body, broken) = ("{\"run\":2}\n", true);

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Force = true });

        Assert.Equal(["Failed", "Saved"], reports.Of<FileDone>().Select(done => done.File.State).Order(StringComparer.Ordinal));
        Assert.Equal(["{\"run\":2}\n", "{\"run\":1}\n"], [File.ReadAllText(folder.File("Patient.0001.ndjson")), File.ReadAllText(folder.File("Patient.0002.ndjson"))]);
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task A_type_without_a_file_is_suspicious_when_there_was_a_filter_and_only_then()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson("{}\n"));
        foreach ((string[] parameters, string state, int warnings) in new[] { (new[] { "_typeFilter" }, "CompletedWithErrors", 1), (["_since"], "Complete", 0), (["_since", "_typeFilter"], "Complete", 0) })
        {
            using TemporaryFolder folder = new();
            ExportJob job = new() { StatusUrl = server.Url("status/1"), GroupId = "g", Types = ["Patient", "Observation"], Parameters = ["_type", .. parameters] };

            Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Job = job });

            Assert.Equal((state, "Observation"), (Receipts.Open(folder.Path).State, Assert.Single(Receipts.Open(folder.Path).TypesWithoutFile)));
            Assert.Equal(warnings, reports.Of<Caution>().Count(caution => caution.Text.Contains("Observation", StringComparison.Ordinal)));
        }
    }
}
