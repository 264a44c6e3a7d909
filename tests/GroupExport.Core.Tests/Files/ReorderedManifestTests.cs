using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Two answers for one manifest need not agree; a receipt never says complete because names happen to match.</summary>
public sealed class ReorderedManifestTests
{
    private const string A = """{"type":"Patient","url":"/a"}""";
    private const string B = """{"type":"Patient","url":"/b"}""";
    private const string C = """{"type":"Patient","url":"/c"}""";
    private const string X = """{"type":"Patient","url":"/x"}""";

    [Theory]
    [InlineData("a,b", "b,a", "a,b")]
    [InlineData("a,b,c", "c,b,a", "a,b,c")]
    [InlineData("a,b,c", "b,c", "a,b,c", "Incomplete")]
    [InlineData("a,b,c", "a,x,b,c", "a,b,c,x")]
    [InlineData("a,b,c", "x,b", "a,b,c,x", "Incomplete")]
    [InlineData("a,b,a", "b,a,a", "a,b")]
    public async Task A_file_keeps_its_name_and_is_fetched_once_wherever_the_server_lists_it_next(string before, string after, string onDisk, string state = "Complete")
    {
        bool broken = true;
        await using RecordingServer server = Saves.Server(
            () => Listed(broken ? before : after),
            arrival => broken && arrival.Path == "/b" ? Answer.Plain(400) : Answer.Ndjson($"{{\"from\":\"{arrival.Path[1..]}\"}}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        broken = false;

        await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(state, receipt.State);
        Assert.Equal(onDisk.Split(',').Select(name => $"{{\"from\":\"{name}\"}}\n"), receipt.Files.OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => File.ReadAllText(file.Path)));
        Assert.Equal(onDisk.Length / 2 + 2, server.Arrivals.Count(arrival => arrival.Path != "/status/1"));
    }

    [Fact]
    public async Task Where_all_paths_change_a_file_is_fetched_again_under_its_name()
    {
        int asked = 0;
        await using RecordingServer server = Saves.Server(
            () => Saves.Manifest($$"""{"type":"Patient","url":"/{{++asked}}/a"},{"type":"Patient","url":"/{{asked}}/b"}"""),
            arrival => arrival.Path == "/1/b" ? Answer.Plain(400) : Answer.Ndjson($"{{\"at\":\"{arrival.Path}\"}}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);

        await Saves.SaveAsync(server, folder);

        Assert.Equal(["{\"at\":\"/2/a\"}\n", "{\"at\":\"/2/b\"}\n"], Receipts.Open(folder.Path).Files.Select(file => File.ReadAllText(file.Path)));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task A_saved_file_that_the_server_no_longer_lists_keeps_the_export_incomplete_until_it_does()
    {
        string listed = $"{A},{B}";
        bool broken = true;
        await using RecordingServer server = Saves.Server(() => Saves.Manifest(listed), arrival => broken && arrival.Path == "/b" ? Answer.Plain(400) : Answer.Ndjson($"{{\"from\":\"{arrival.Path}\"}}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        (listed, broken) = (B, false);

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(("Incomplete", 2, 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).FileCount, Receipts.Open(folder.Path).SavedCount));
        Assert.Contains(reports.Of<Caution>(), caution => caution.Text.Contains("stays Incomplete", StringComparison.Ordinal));
        await Saves.SaveAsync(server, folder);
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
        listed = $"{A},{B}";
        await Saves.SaveAsync(server, folder);
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        Assert.Single(server.To("/a"));
    }

    [Fact]
    public async Task A_file_that_moved_to_another_path_never_makes_a_complete_export_with_the_file_twice()
    {
        string listed = $"{A},{B}";
        bool broken = true;
        await using RecordingServer server = Saves.Server(() => Saves.Manifest(listed), arrival => broken && arrival.Path == "/b" ? Answer.Plain(400) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        (listed, broken) = ($$"""{"type":"Patient","url":"/moved/a"},{{B}}""", false);

        await Saves.SaveAsync(server, folder);

        Assert.Equal(("Incomplete", 3), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
    }

    [Fact]
    public async Task A_file_that_is_no_longer_listed_stays_missing()
    {
        string[] manifests = [Saves.Manifest($"{A},{B}"), Saves.Manifest(A)];
        int asked = 0;
        await using RecordingServer server = Saves.Server(() => manifests[Math.Min(asked++, 1)], arrival => arrival.Path == "/a" ? Answer.Ndjson("{\"a\":1}\n") : Answer.Plain(404));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);
        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
        Assert.Contains(reports.Of<Caution>(), caution => caution.Text.Contains("lists 1 files"));
    }

    [Fact]
    public async Task A_saved_file_of_which_another_count_is_promised_now_is_fetched_again()
    {
        const string one = "{}\n";
        int count = 1;
        bool broken = true;
        await using RecordingServer server = Saves.Server(
            () => Saves.Manifest($$"""{"type":"Patient","url":"/a","count":{{count}}},{"type":"Patient","url":"/b"}"""),
            arrival => broken && arrival.Path == "/b" ? Answer.Plain(400) : Answer.Ndjson(arrival.Path == "/a" ? string.Concat(Enumerable.Repeat(one, count)) : one));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        (count, broken) = (2, false);

        await Saves.SaveAsync(server, folder);

        Assert.Equal("{}\n{}\n", await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task An_export_of_another_time_is_not_mixed_with_what_was_saved_before()
    {
        bool rerun = false;
        await using RecordingServer server = Saves.Server(
            () => rerun ? Saves.Manifest($"{A},{B}").Replace("2026-11-23", "2026-11-24", StringComparison.Ordinal) : Saves.Manifest($"{A},{B},{C}"),
            arrival => !rerun && arrival.Path == "/b" ? Answer.Plain(400) : Answer.Ndjson(rerun ? "{\"day\":24}\n" : "{\"day\":23}\n"));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        rerun = true;

        Reports reports = await Saves.SaveAsync(server, folder);

        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", "2026-11-24T00:00:00Z"), (receipt.State, receipt.TransactionTime));
        Assert.Equal(["{\"day\":24}\n", "{\"day\":24}\n"], receipt.Files.Select(file => File.ReadAllText(file.Path)));
        Assert.Contains(reports.Of<Caution>(), caution => caution.Text.Contains("2026-11-24T00:00:00Z", StringComparison.Ordinal));
    }

    private static string Listed(string names) => Saves.Manifest(string.Join(',', names.Split(',').Select(name => name switch
    {
        "a" => A,
        "b" => B,
        "c" => C,
        _ => X,
    })));
}
