using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Saving what is ready while the export still runs (Bulk Data Access 3, allowPartialManifests).</summary>
public sealed class PartialManifestTests
{
    private const string A = """{"type":"Patient","url":"/a"}""";
    private const string B = """{"type":"Patient","url":"/b"}""";
    private const string C = """{"type":"Observation","url":"/c"}""";

    [Fact]
    public async Task Each_page_is_saved_as_it_comes_and_once_only()
    {
        int polls = 0;
        int secondPage = 0;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/status/1" => ++polls switch
            {
                1 => Running(Page(A)),
                2 or 3 => Running(Page(A, "/page/2")),
                _ => Answer.Json(Page(A, "/page/2")),
            },
            "/page/2" => ++secondPage switch
            {
                1 => Answer.Running("1"),
                2 => Answer.Json(Page(B)),
                _ => Answer.Json(Page(B, "/page/3")),
            },
            "/page/3" => Answer.Json(Page(C)),
            _ => Answer.Ndjson("{}\n"),
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder);

        Assert.Equal(
            ["/status/1", "/a", "/status/1", "/page/2", "/status/1", "/page/2", "/b", "/status/1", "/page/2", "/page/3", "/c", "/status/1", "/page/3"],
            server.Arrivals.Select(arrival => arrival.Path));
        Assert.Equal(["Patient.0001.ndjson", "Patient.0002.ndjson", "Observation.0001.ndjson"], reports.Of<FileDone>().Select(done => done.File.Name));
        Assert.All(reports.Of<FileDone>(), done => Assert.Equal("Saved", done.File.State));
        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", 3, 3), (receipt.State, receipt.FileCount, receipt.SavedCount));
        Assert.Equal([".export.lock", "Observation.0001.ndjson", "Patient.0001.ndjson", "Patient.0002.ndjson", "export.json", "manifest.0002.json", "manifest.0003.json", "manifest.json"], folder.Names);
    }

    [Fact]
    public async Task It_is_not_complete_before_a_last_page_was_read_after_the_end()
    {
        int polls = 0;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/status/1" => ++polls == 1 ? Running(Page(A)) : Answer.Json(Page(A, "/page/2")),
            "/page/2" => polls < 4 ? Answer.Running("1") : Answer.Json(Page(B)),
            _ => Answer.Ndjson("{}\n"),
        });
        using TemporaryFolder folder = new();

        await SaveAsync(server, folder);

        // The fourth completes it, the fifth confirms it.
        Assert.Equal(5, polls);
        Assert.Equal(("Complete", 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
    }

    [Fact]
    public async Task An_export_that_fails_later_keeps_what_was_saved_and_is_not_complete()
    {
        int polls = 0;
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1"
            ? ++polls == 1 ? Running(Page(A)) : Answer.Outcome(500, "out of disk")
            : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.ExportFailed, Assert.Single(reports.Of<Stopped>()).Exception.Kind);
        Assert.Equal(("Incomplete", 1), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
    }

    [Fact]
    public async Task A_failed_file_is_told_once_and_the_export_goes_on()
    {
        int polls = 0;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/status/1" => ++polls < 4 ? Running(Page(A)) : Answer.Json(Page(A)),
            _ => Answer.Plain(400),
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder);

        Assert.Single(reports.Of<Failure>());
        Assert.Single(server.To("/a"));
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task Without_the_parameter_nothing_is_saved_before_the_end()
    {
        int polls = 0;
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1"
            ? ++polls < 3 ? Running(Page(A)) : Answer.Json(Page($"{A},{B}"))
            : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await SaveAsync(server, folder, "_type");

        Assert.Equal(["/status/1", "/status/1", "/status/1"], server.Arrivals.Take(3).Select(arrival => arrival.Path));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task The_copy_of_the_manifest_keeps_what_nobody_knows_and_no_query()
    {
        const string Manifest = """
            {"transactionTime":"2026-11-23T00:00:00Z","request":"https://x.example/Group/g/$export?patient=Patient/planted","requiresAccessToken":false,
             "output":[{"type":"Patient","url":"/file?sig=planted","extension":{"note":"why not? because"},"unknown":1.10}],"error":[],"extension":{"a":[true,null]}}
            """;
        await using RecordingServer server = Saves.Server(Manifest, _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);

        string copy = await File.ReadAllTextAsync(folder.File("manifest.json"));
        Assert.DoesNotContain("planted", copy, StringComparison.Ordinal);
        Assert.Equal(
            """{"transactionTime":"2026-11-23T00:00:00Z","request":"https://x.example/Group/g/$export?…","requiresAccessToken":false,"output":[{"type":"Patient","url":"/file?…","extension":{"note":"why not? because"},"unknown":1.10}],"error":[],"extension":{"a":[true,null]}}""",
            System.Text.RegularExpressions.Regex.Unescape(string.Concat(copy.Split('\n').Select(line => line.Trim())).Replace("\": ", "\":", StringComparison.Ordinal)));
    }

    private static string Page(string output, string? next = null)
    {
        string link = next is null ? "" : $$""","link":[{"relation":"next","url":"{{next}}"}]""";
        return $$"""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"output":[{{output}}]{{link}}}""";
    }

    private static Answer Running(string page) => Answer.Json(page, 202).With("Retry-After", "1");

    private static async Task<Reports> SaveAsync(RecordingServer server, TemporaryFolder folder, string parameter = "allowPartialManifests")
    {
        SkippingClock clock = new();
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is Waiting)
                {
                    clock.SkipNextTimer();
                }
            },
        };
        ExportJob job = new() { StatusUrl = server.Url("status/1"), GroupId = "g", Parameters = [parameter] };
        return await Saves.SaveAsync(server, folder, new SaveSetup { Job = job, Clock = clock, Reports = reports, Wait = new WaitOptions() });
    }
}
