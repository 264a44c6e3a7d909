using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Links that expire while files wait for their turn.</summary>
public sealed class FreshLinkTests
{
    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task An_expired_link_is_replaced_by_a_fresh_one_of_the_manifest(int status)
    {
        int signature = 0;
        await using RecordingServer server = Saves.Server(
            () => Saves.Manifest($$"""{"type":"Patient","url":"/file?sig={{++signature}}","count":1}"""),
            arrival => arrival.Query == "sig=1" ? Answer.Plain(status) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("Saved", reports.File().State);
        Assert.Equal(["sig=1", "sig=2"], server.To("/file").Select(arrival => arrival.Query));
        Assert.Equal(["/status/1", "/file", "/status/1", "/file", "/status/1"], server.Arrivals.Select(arrival => arrival.Path));
    }

    [Fact]
    public async Task A_file_whose_export_was_removed_meanwhile_is_advised_to_be_exported_anew()
    {
        int asked = 0;
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1" && asked++ == 0 ? Answer.Json(Saves.OneFile()) : Answer.Outcome(404, "unknown job"));
        using TemporaryFolder folder = new();

        ExportException failure = (await Saves.SaveAsync(server, folder)).Failure();

        Assert.Equal((ExportErrorKind.FileFailed, ExportErrorKind.JobNotFound), (failure.Kind, Assert.IsType<ExportException>(failure.InnerException).Kind));
        Assert.Contains("Start a new export with New-GroupExport", failure.Message);
        Assert.DoesNotContain("Get-ExportReceipt", failure.Message);
    }

    [Fact]
    public async Task Links_may_expire_again_and_again_as_long_as_fresh_ones_work()
    {
        string files = string.Join(',', Enumerable.Range(1, 30).Select(i => $$"""{"type":"Patient","url":"/{{i}}?sig=SIG"}"""));
        int generation = 0;
        int uses = 0;
        await using RecordingServer server = Saves.Server(
            () =>
            {
                uses = 0;
                return Saves.Manifest(files.Replace("SIG", $"{++generation}", StringComparison.Ordinal));
            },
            arrival => arrival.Query != $"sig={generation}" || ++uses > 2 ? Answer.Plain(410) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { ThrottleLimit = 1 });

        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        Assert.Equal(16, server.To("/status/1").Count);
    }

    [Fact]
    public async Task Files_that_wait_together_share_one_request()
    {
        string files = string.Join(',', Enumerable.Range(1, 4).Select(i => $$"""{"type":"Patient","url":"/{{i}}?sig=SIG"}"""));
        int generation = 0;
        using Barrier together = new(4);
        await using RecordingServer server = Saves.Server(
            () => Saves.Manifest(files.Replace("SIG", $"{++generation}", StringComparison.Ordinal)),
            arrival => arrival.Query == "sig=1" ? Answer.Plain(410) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is Remark remark && remark.Text.Contains("fresh ones", StringComparison.Ordinal))
                {
                    together.SignalAndWait();
                }
            },
        };

        await Saves.SaveAsync(server, folder, new SaveSetup { Reports = reports });

        // The manifest, fresh links for all, and the list confirmed.
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        Assert.Equal(3, server.To("/status/1").Count);
    }

    [Fact]
    public async Task After_three_fresh_links_in_vain_the_file_has_failed()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal((ExportErrorKind.FileFailed, 404), (reports.Failure().Kind, reports.Failure().StatusCode));
        Assert.Equal((4, 4), (server.To("/file").Count, server.To("/status/1").Count));
    }

    [Fact]
    public async Task Many_files_that_are_gone_do_not_ask_for_the_manifest_each()
    {
        string files = string.Join(',', Enumerable.Range(1, 200).Select(i => $$"""{"type":"Patient","url":"/{{i}}"}"""));
        await using RecordingServer server = Saves.Server(Saves.Manifest(files), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(200, reports.Of<Failure>().Count);
        Assert.InRange(server.To("/status/1").Count, 2, 20);
    }

    [Fact]
    public async Task An_export_that_is_gone_meanwhile_says_so()
    {
        bool gone = false;
        await using RecordingServer server = new(arrival =>
        {
            if (arrival.Path != "/status/1")
            {
                gone = true;
                return Answer.Plain(410);
            }

            return gone ? Answer.Plain(404) : Answer.Json(Saves.OneFile());
        });
        using TemporaryFolder folder = new();

        ExportException failure = (await Saves.SaveAsync(server, folder)).Failure();

        Assert.Equal(ExportErrorKind.FileFailed, failure.Kind);
        Assert.Contains("no longer knows this export", failure.Message);
    }

    [Fact]
    public async Task A_status_that_stays_away_is_waited_for_once_and_not_by_each_file()
    {
        bool expired = false;
        string files = string.Join(',', Enumerable.Range(1, 20).Select(i => $$"""{"type":"Patient","url":"/{{i}}"}"""));
        await using RecordingServer server = new(arrival =>
        {
            if (arrival.Path == "/status/1")
            {
                return expired ? Answer.Plain(413, "<html/>", "text/html") : Answer.Json(Saves.Manifest(files));
            }

            expired = true;
            return Answer.Plain(403);
        });
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Wait = new WaitOptions { TransientTimeout = TimeSpan.Zero } });

        Assert.Equal(20, reports.Of<Failure>().Count);
        Assert.All(reports.Of<Failure>(), failure => Assert.Contains("no fresh link", failure.Exception.Message, StringComparison.Ordinal));
        Assert.Equal(2, server.To("/status/1").Count);
    }

    [Fact]
    public async Task A_manifest_in_another_order_does_not_give_a_file_the_link_of_another()
    {
        const string A = """{"type":"Patient","url":"/a?sig=SIG"}""";
        const string B = """{"type":"Patient","url":"/b?sig=SIG"}""";
        int asked = 0;
        await using RecordingServer server = Saves.Server(
            () => Saves.Manifest((++asked == 1 ? $"{A},{B}" : $"{B},{A}").Replace("SIG", $"{asked}", StringComparison.Ordinal)),
            arrival => arrival.Query == "sig=1" ? Answer.Plain(410) : Answer.Ndjson($"{{\"at\":\"{arrival.Path}\"}}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);

        Assert.Equal(["{\"at\":\"/a\"}\n", "{\"at\":\"/b\"}\n"], [File.ReadAllText(folder.File("Patient.0001.ndjson")), File.ReadAllText(folder.File("Patient.0002.ndjson"))]);
    }

    [Fact]
    public async Task Where_paths_change_too_a_file_is_known_by_its_place()
    {
        int asked = 0;
        await using RecordingServer server = Saves.Server(
            () => Saves.Manifest($$"""{"type":"Patient","url":"/{{++asked}}/a"},{"type":"Patient","url":"/{{asked}}/b"}"""),
            arrival => arrival.Path.StartsWith("/1/", StringComparison.Ordinal) ? Answer.Plain(410) : Answer.Ndjson($"{{\"at\":\"{arrival.Path[^1]}\"}}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);

        Assert.Equal(["{\"at\":\"a\"}\n", "{\"at\":\"b\"}\n"], [File.ReadAllText(folder.File("Patient.0001.ndjson")), File.ReadAllText(folder.File("Patient.0002.ndjson"))]);
    }
}
