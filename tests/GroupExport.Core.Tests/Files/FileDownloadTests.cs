using System.Security.Cryptography;
using System.Text;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>One file on its way from the server to the disk.</summary>
public sealed class FileDownloadTests
{
    private const string Two = "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Patient\",\"id\":\"2\"}\n";

    private static readonly string s_long = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"resourceType\":\"Patient\",\"id\":\"{i}\"}}\n"));

    [Fact]
    public async Task The_bytes_on_disk_are_those_that_were_served()
    {
        byte[] served = new byte[300_000];
        new Random(7).NextBytes(served);
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(served));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.None })).File();

        Assert.Equal(served, await File.ReadAllBytesAsync(folder.File("Patient.0001.ndjson")));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(served)).ToLowerInvariant(), file.Sha256);
        Assert.Equal(served.Length, file.Bytes);
        Assert.Equal(("Saved", 1, folder.File("Patient.0001.ndjson")), (file.State, file.Attempts, file.Path));
        Assert.Equal([".export.lock", "Patient.0001.ndjson", "export.json", "manifest.json"], folder.Names);
    }

    [Fact]
    public async Task The_request_asks_for_NDJSON_and_takes_gzip()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(Two));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);

        Arrival arrival = Assert.Single(server.To("/file"));
        Assert.Equal(("GET", "application/fhir+ndjson", "gzip"), (arrival.Verb, arrival.Header("Accept"), arrival.Header("Accept-Encoding")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gzip_is_decoded_and_hash_count_and_size_are_those_of_the_content(bool chunked)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), _ => Answer.Gzip(s_long) with { Chunked = chunked });
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal("Saved", file.State);
        Assert.Equal(20_000, file.Count);
        Assert.Equal(s_long.Length, file.Bytes);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(s_long))).ToLowerInvariant(), file.Sha256);
        Assert.Equal(s_long, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_truncated_gzip_body_is_fetched_again_without_gzip()
    {
        await using RecordingServer server = Saves.Server(
            Saves.OneFile(),
            arrival => arrival.Header("Accept-Encoding") == "gzip" ? Answer.Gzip(s_long) with { Chunked = true, CutAt = 5000 } : Answer.Ndjson(s_long));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 2), (file.State, file.Attempts));
        Assert.Equal(["gzip", "identity"], server.To("/file").Select(arrival => arrival.Header("Accept-Encoding")));
        Assert.Equal(s_long, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_that_passes_is_tried_again_from_the_start(string fault)
    {
        int asked = 0;
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":2"), _ => ++asked == 1 ? s_faults[fault] : Answer.Ndjson(Two));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 2, 2L), (file.State, file.Attempts, file.Count));
        Assert.Equal(Two, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
        Assert.Equal(2, asked);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_that_stays_fails_the_file_after_all_attempts_and_leaves_no_file(string fault)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => s_faults[fault]);
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Wait = new WaitOptions { TransientTimeout = TimeSpan.Zero } });

        Assert.Equal(("Failed", 3), (reports.File().State, reports.File().Attempts));
        ExportException failure = reports.Failure();
        Assert.Equal(ExportErrorKind.FileFailed, failure.Kind);
        Assert.Contains(fault is "429" or "503" ? "-TransientTimeout" : "3 attempts", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.To("/file").Count);
        Assert.False(File.Exists(folder.File("Patient.0001.ndjson")));
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    public async Task A_refusal_fails_the_file_at_once(int status)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Outcome(status, "no Patient/secret-1"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.FileFailed, reports.Failure().Kind);
        Assert.DoesNotContain("secret-1", reports.Failure().ToString(), StringComparison.Ordinal);
        Assert.Equal(status, reports.Failure().StatusCode);
        Assert.Single(server.To("/file"));
    }

    [Fact]
    public async Task A_rejected_token_stops_the_save_because_no_further_file_could_be_had()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Plain(401));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.TokenRejected, Assert.Single(reports.Of<Stopped>()).Exception.Kind);
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task An_encoding_that_was_not_asked_for_fails_the_file()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(Two).With("Content-Encoding", "br"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.FileFailed, reports.Failure().Kind);
        Assert.Contains("'br'", reports.Failure().Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Faults => [.. s_faults.Keys];

    private static readonly Dictionary<string, Answer> s_faults = new()
    {
        ["a short body"] = Answer.Ndjson(Two) with { CutAt = 40 },
        ["a body cut before its first byte"] = Answer.Ndjson(Two) with { CutAt = 0 },
        ["a cut gzip body"] = Answer.Gzip(Two) with { CutAt = 20 },
        ["a gzip body without its end"] = Answer.Gzip(Two) with { Chunked = true, CutAt = 30 },
        ["a gzip body without its last byte"] = Answer.Gzip(Two) with { Chunked = true, CutAt = Answer.Gzip(Two).Body.Length - 1 },
        ["a gzip body of eight bytes"] = Answer.Gzip(Two) with { Chunked = true, CutAt = 8 },
        ["a damaged gzip body"] = Answer.Gzip(Two) with { Body = [.. Answer.Gzip(Two).Body.Select((value, at) => at == 30 ? (byte)~value : value)] },
        ["no gzip at all"] = Answer.Ndjson(new byte[] { 0x50, 0x4B, 3, 4 }).With("Content-Encoding", "gzip"),
        ["408"] = Answer.Plain(408),
        ["429"] = Answer.Plain(429),
        ["500"] = Answer.Plain(500, "<html/>", "text/html"),
        ["502"] = Answer.Plain(502),
        ["503"] = Answer.Plain(503),
        ["504"] = Answer.Plain(504),
        ["an issue with code transient"] = Answer.Outcome(400, "later", code: "transient"),
    };
}
