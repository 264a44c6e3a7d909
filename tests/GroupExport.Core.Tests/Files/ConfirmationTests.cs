using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>The status is asked once more before an export counts as complete: some servers do not list every file at first.</summary>
public sealed class ConfirmationTests
{
    private const string First = "2026-11-23T00:00:00Z";
    private const string Patient = """{"resourceType":"Patient","id":"1"}""";

    [Fact]
    public async Task A_list_that_stays_is_confirmed_by_one_more_request()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(Listing(1));

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(["/status/1", "/file/1", "/status/1"], server.Arrivals.Select(arrival => arrival.Path));
        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", true), (receipt.State, receipt.Confirmed));
        Assert.Empty(reports.Of<Caution>());
    }

    [Fact]
    public async Task A_list_that_grows_is_fetched_and_asked_for_until_it_stays()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(Listing(1), Listing(3), Listing(4), Listing(4));

        Reports reports = await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", true, 4, 4), (receipt.State, receipt.Confirmed, receipt.FileCount, receipt.SavedCount));
        Assert.Equal(4, server.To("/status/1").Count);
        Assert.Equal(["/file/1", "/file/2", "/file/3", "/file/4"], server.Arrivals.Select(arrival => arrival.Path).Where(path => path != "/status/1").Order());
        Assert.Equal(2, reports.Of<Caution>().Count(caution => caution.Text.Contains("did not list when", StringComparison.Ordinal)));
        Assert.Equal(4, reports.Of<FileDone>().Count);
        Assert.Equal(4, Directory.GetFiles(folder.Path, "Patient.*.ndjson").Length);
    }

    [Fact]
    public async Task New_files_before_and_between_the_known_ones_get_names_of_their_own()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(Listing("/file/2?sig=a"), Listing("/file/1?sig=b", "/file/2?sig=c", "/file/3?sig=d"));

        await Saves.SaveAsync(server, folder);

        Assert.Equal(["/file/1", "/file/2", "/file/3"], server.Arrivals.Select(arrival => arrival.Path).Where(path => path != "/status/1").Order());
        Assert.Equal("2", Content(folder, "Patient.0001.ndjson"));
        Assert.Equal(["1", "2", "3"], Receipts.Open(folder.Path).Files.Select(file => Content(folder, file.Name)).Order());
    }

    [Fact]
    public async Task Files_that_only_their_query_tells_apart_are_not_mistaken_for_each_other()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(Listing("/file?id=2"), Listing("/file?id=1", "/file?id=2"));

        await Saves.SaveAsync(server, folder);

        Assert.Equal(["/file?id=2", "/file?id=1"], server.Arrivals.Select(arrival => arrival.Target).Where(target => target != "/status/1"));
    }

    [Fact]
    public async Task Paths_that_are_new_in_each_answer_are_not_new_files()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Script(n => Answer.Json(Listing($"/{n}/1", $"/{n}/2")));

        await Saves.SaveAsync(server, folder);

        Assert.Equal(["/1/1", "/1/2", "/status/1", "/status/1"], server.Arrivals.Select(arrival => arrival.Path).Order(StringComparer.Ordinal));
        Assert.Equal(("Complete", true, 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).Confirmed, Receipts.Open(folder.Path).FileCount));
    }

    [Fact]
    public async Task A_list_of_other_files_is_fetched_from_the_start()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(Listing("/old/1"), Listing("/new/2", "/new/3"), Listing("/new/2", "/new/3"));

        Reports reports = await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", true, 2), (receipt.State, receipt.Confirmed, receipt.FileCount));
        Assert.Equal(["2", "3"], receipt.Files.Select(file => Content(folder, file.Name)).Order());
        Assert.Contains(reports.Of<Caution>(), caution => caution.Text.Contains("do not mix", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_are_replaced_in_each_answer_are_fetched_and_not_asked_for_forever()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Script(n => Answer.Json(Listing("/file/1", $"/file/{n + 1}")));

        await Saves.SaveAsync(server, folder);

        Assert.Equal(["/file/1", "/file/2", "/file/3"], server.Arrivals.Select(arrival => arrival.Path).Where(path => path != "/status/1").Order());
        Assert.Equal(("Complete", false, 3), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).Confirmed, Receipts.Open(folder.Path).FileCount));
    }

    [Fact]
    public async Task A_file_of_another_type_or_kind_at_a_known_URL_is_new()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(
            Listing("/file/0", "/file/1"),
            Saves.Manifest($"{Entry("/file/0")},{Entry("/file/2")}", error: """{"type":"OperationOutcome","url":"/file/1"}"""));

        await Saves.SaveAsync(server, folder);

        Assert.Equal(2, server.To("/file/1").Count);
        Assert.Equal(["OperationOutcome", "Patient", "Patient", "Patient"], Receipts.Open(folder.Path).Files.Select(file => file.Type).Order());
    }

    [Fact]
    public async Task Another_transaction_time_over_the_same_list_changes_nothing()
    {
        using TemporaryFolder folder = new();
        string later = Listing(2).Replace(First, "2026-11-23T00:00:09Z", StringComparison.Ordinal).Replace("?n=", "?sig=renewed&n=", StringComparison.Ordinal);
        await using RecordingServer server = Server(Listing(2), later);

        Reports reports = await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", true, First), (receipt.State, receipt.Confirmed, receipt.TransactionTime));
        Assert.Equal(2, server.Arrivals.Count(arrival => arrival.Path != "/status/1"));
        Assert.Empty(reports.Of<Caution>());
        Assert.Contains(First, File.ReadAllText(Path.Combine(folder.Path, "manifest.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_transaction_time_over_a_list_that_grew_keeps_the_first()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(Listing(1), Listing(2).Replace(First, "2026-11-23T00:00:09Z", StringComparison.Ordinal));

        await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", First, 2), (receipt.State, receipt.TransactionTime, receipt.SavedCount));
        Assert.Single(server.To("/file/1"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(401)]
    public async Task A_server_that_does_not_confirm_leaves_it_complete_and_unconfirmed(int status)
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Script(n => n == 1 ? Answer.Json(Listing(1)) : Answer.Outcome(status, "no"));

        Reports reports = await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", false), (receipt.State, receipt.Confirmed));
        Assert.Equal(2, server.To("/status/1").Count);
        Assert.Empty(reports.Of<Failure>());
        Assert.Empty(reports.Of<Stopped>());
        Assert.Empty(reports.Of<Caution>());
        Assert.Contains(reports.Of<Remark>(), remark => remark.Text.Contains("not confirmed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_breaks_leaves_it_complete_and_unconfirmed()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Script(n => n == 1 ? Answer.Json(Listing(1)) : Answer.HangUp);

        await Saves.SaveAsync(server, folder);

        Assert.Equal(("Complete", false), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).Confirmed));
    }

    [Fact]
    public async Task A_server_that_says_now_that_the_export_runs_is_waited_for()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Script(n => n switch { 1 => Answer.Json(Listing(1)), 2 => Answer.Running(), _ => Answer.Json(Listing(2)) });

        await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", true, 2), (receipt.State, receipt.Confirmed, receipt.SavedCount));
        Assert.Equal(4, server.To("/status/1").Count);
    }

    [Fact]
    public async Task A_complete_folder_is_not_asked_again_and_stays_confirmed()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(Listing(1));
        await Saves.SaveAsync(server, folder);
        int asked = server.Arrivals.Count;

        await Saves.SaveAsync(server, folder);

        Assert.Equal(asked, server.Arrivals.Count);
        Assert.True(Receipts.Open(folder.Path).Confirmed);
    }

    [Fact]
    public async Task An_export_with_a_lost_file_is_not_asked_for_until_the_run_that_completes_it()
    {
        using TemporaryFolder folder = new();
        bool isLost = true;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/status/1" => Answer.Json(Listing(2)),
            "/file/2" when isLost => Answer.Plain(500),
            _ => Answer.Ndjson(Patient + "\n"),
        });

        await Saves.SaveAsync(server, folder);
        Assert.Single(server.To("/status/1"));
        isLost = false;
        await Saves.SaveAsync(server, folder);

        Assert.Equal(3, server.To("/status/1").Count);
        Assert.Equal(("Complete", true), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).Confirmed));
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData("20", 20)]
    public async Task The_second_request_waits_for_the_poll_interval_or_Retry_After(string? retryAfter, int seconds)
    {
        SkippingClock clock = new();
        List<DateTimeOffset> asked = [];
        using TemporaryFolder folder = new();
        await using RecordingServer server = new(arrival =>
        {
            if (arrival.Path != "/status/1")
            {
                return Answer.Ndjson(Patient + "\n");
            }

            asked.Add(clock.GetUtcNow());
            return retryAfter is null ? Answer.Json(Listing(1)) : Answer.Json(Listing(1)).With("Retry-After", retryAfter);
        });

        await Saves.SaveAsync(server, folder, new SaveSetup { Clock = clock, Wait = new WaitOptions { MinPollInterval = TimeSpan.FromSeconds(5) }, Reports = Skipping(clock) });

        Assert.Equal(2, asked.Count);
        Assert.InRange(asked[1] - asked[0], TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 1));
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_not_made()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Script(_ => Answer.Json(Listing(1)).With("Retry-After", "7200"));

        await Saves.SaveAsync(server, folder);

        Assert.Single(server.To("/status/1"));
        Assert.Equal(("Complete", false), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).Confirmed));
    }

    [Fact]
    public async Task A_status_that_another_command_asked_for_is_confirmed_too()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Server(Listing(1), Listing(2));
        ExportStatus status = (await Exports.AskAsync(server)).Status;

        await Saves.SaveAsync(server, folder, new SaveSetup { Job = status });

        Assert.Equal(("Complete", true, 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).Confirmed, Receipts.Open(folder.Path).SavedCount));
    }

    [Fact]
    public async Task Empty_answers_before_the_manifest_do_not_make_the_export_empty()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Script(n => n < 3 ? Answer.Plain(200) : Answer.Json(Listing(2)));

        await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", 2, First), (receipt.State, receipt.SavedCount, receipt.TransactionTime));
    }

    [Fact]
    public async Task Empty_answers_without_end_are_an_empty_export_without_a_transaction_time()
    {
        using TemporaryFolder folder = new();
        await using RecordingServer server = Script(_ => Answer.Plain(200));

        Reports reports = await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Empty", 0, null), (receipt.State, receipt.FileCount, receipt.TransactionTime));
        Assert.Single(reports.Of<Caution>(), caution => caution.Text.Contains("empty answers and no manifest", StringComparison.Ordinal));
    }

    private static string Content(TemporaryFolder folder, string name) => File.ReadAllText(Path.Combine(folder.Path, name)).Split("\"id\":\"")[1].Split('"')[0];

    private static string Entry(string url) => $$"""{"type":"Patient","url":"{{url}}"}""";

    private static string Listing(params string[] urls) => Saves.Manifest(string.Join(',', urls.Select(Entry)));

    private static string Listing(int files) => Listing([.. Enumerable.Range(1, files).Select(n => $"/file/{n}?n={n}")]);

    /// <summary>A server with a manifest for each status request, of which the last one stays, and files whose patient has the number in the path.</summary>
    private static RecordingServer Server(params string[] manifests) => Script(n => Answer.Json(manifests[Math.Min(n, manifests.Length) - 1]));

    private static RecordingServer Script(Func<int, Answer> status)
    {
        int asked = 0;
        return new RecordingServer(arrival => arrival.Path == "/status/1"
            ? status(++asked)
            : Answer.Ndjson(Patient.Replace("\"1\"", $"\"{arrival.Path[^1]}\"", StringComparison.Ordinal) + "\n"));
    }

    private static Reports Skipping(SkippingClock clock) => new()
    {
        OnReport = happening =>
        {
            if (happening is Waiting)
            {
                clock.SkipNextTimer();
            }
        },
    };
}
