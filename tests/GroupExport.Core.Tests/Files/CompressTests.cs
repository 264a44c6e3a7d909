using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Files stored as gzip: as they were served, or packed on the way.</summary>
public sealed class CompressTests
{
    private static readonly string s_content = ServedFile.Lines(20_000);
    private static readonly SaveSetup s_compress = new() { Compress = true, Validation = Validation.Full };

    [Fact]
    public async Task The_gzip_of_the_server_is_kept_byte_for_byte()
    {
        ServedFile served = new(Answer.Zipped(s_content)) { IsGzip = true };
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), served.Answer);
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, s_compress with { Reports = new() })).File();

        Assert.Equal(served.Content, await File.ReadAllBytesAsync(folder.File("Patient.0001.ndjson.gz")));
        AssertOfContent(file, folder);
        Assert.Equal(served.Content.Length, file.StoredBytes);
        Assert.Equal([".export.lock", "Patient.0001.ndjson.gz", "export.json", "manifest.json"], folder.Names);
    }

    [Fact]
    public async Task What_comes_plain_is_packed_on_the_way()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), new ServedFile(s_content).Answer);
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, s_compress with { Reports = new() })).File();

        AssertOfContent(file, folder);
        Assert.Equal(new FileInfo(folder.File("Patient.0001.ndjson.gz")).Length, file.StoredBytes);
        Assert.True(file.StoredBytes < file.Bytes / 2);
        await using Stream unpacked = new GZipStream(File.OpenRead(folder.File("Patient.0001.ndjson.gz")), CompressionMode.Decompress);
        using StreamReader reader = new(unpacked);
        Assert.Equal(s_content, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task The_gzip_of_the_server_is_gone_on_with_after_a_cut()
    {
        ServedFile served = new(Answer.Zipped(s_content)) { IsGzip = true, CutAt = request => request == 1 ? 20_000 : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), served.Answer);
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, s_compress with { Reports = new() })).File();

        Assert.Equal(20_000, file.ResumedBytes);
        Assert.Equal(("bytes=20000-", "gzip"), (server.To("/file")[1].Header("Range"), server.To("/file")[1].Header("Accept-Encoding")));
        Assert.Equal(served.Content, await File.ReadAllBytesAsync(folder.File("Patient.0001.ndjson.gz")));
        AssertOfContent(file, folder);
    }

    [Fact]
    public async Task Gzip_that_is_unpacked_starts_over_after_a_cut()
    {
        ServedFile served = new(Answer.Zipped(s_content)) { IsGzip = true, CutAt = request => request == 1 ? 20_000 : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), served.Answer);
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("Saved", 0L), (file.State, file.ResumedBytes));
        Assert.All(server.To("/file"), arrival => Assert.Null(arrival.Header("Range")));
        Assert.Equal(s_content, await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact]
    public async Task A_rerun_knows_packed_files_and_leaves_them_packed()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), new ServedFile(s_content).Answer);
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder, s_compress with { Reports = new() });

        SavedFile file = (await Saves.SaveAsync(server, folder)).File();

        Assert.Equal(("AlreadySaved", folder.File("Patient.0001.ndjson.gz")), (file.State, file.Path));
        Assert.Single(server.To("/file"));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task A_forced_run_in_the_other_form_leaves_one_form_only()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), new ServedFile(s_content).Answer);
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder, s_compress with { Reports = new() });

        await Saves.SaveAsync(server, folder, new SaveSetup { Force = true });

        Assert.Equal([".export.lock", "Patient.0001.ndjson", "export.json", "manifest.json"], folder.Names);
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task The_messages_of_the_server_are_read_from_packed_files_too()
    {
        const string Messages = """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception","diagnostics":"lost some"}]}""";
        await using RecordingServer server = Saves.Server(Saves.Manifest("", error: """{"type":"OperationOutcome","url":"/messages"}"""), _ => Answer.Ndjson(Messages));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, s_compress with { Reports = new() });

        Assert.Contains("lost some", reports.Failure().Message);
        Assert.Equal("CompletedWithErrors", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task What_was_kept_aside_in_the_other_form_goes_when_the_file_comes_anew()
    {
        string content = "{}\n";
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":2"), _ => Answer.Ndjson(content));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        Assert.Contains("Patient.0001.ndjson.invalid", folder.Names);

        await Saves.SaveAsync(server, folder, s_compress with { Validation = Validation.Count, RetryInvalid = true, Reports = new() });
        Assert.Equal([".export.lock", "Patient.0001.ndjson.gz.invalid", "export.json", "manifest.json"], folder.Names);
        content = "{}\n{}\n";
        await Saves.SaveAsync(server, folder, new SaveSetup { RetryInvalid = true });

        Assert.Equal([".export.lock", "Patient.0001.ndjson", "export.json", "manifest.json"], folder.Names);
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task Messages_that_went_bad_on_disk_are_taken_for_the_worst()
    {
        const string Messages = """{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational","diagnostics":"all is well"}]}""";
        await using RecordingServer server = Saves.Server(Saves.Manifest("", error: """{"type":"OperationOutcome","url":"/messages"}"""), _ => Answer.Ndjson(Messages));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder, s_compress with { Reports = new() });
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        string path = folder.File("error/OperationOutcome.0001.ndjson.gz");
        await File.WriteAllBytesAsync(path, new byte[new FileInfo(path).Length]);

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.ServerReportedErrors, reports.Failure().Kind);
        Assert.Equal("CompletedWithErrors", Receipts.Open(folder.Path).State);
    }

    private static void AssertOfContent(SavedFile file, TemporaryFolder folder)
    {
        byte[] content = Encoding.UTF8.GetBytes(s_content);
        Assert.Equal(("Saved", 20_000L, (long)content.Length), (file.State, file.Count, file.Bytes));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant(), file.Sha256);
        Assert.Equal(("Patient.0001.ndjson.gz", folder.File("Patient.0001.ndjson.gz")), (file.Name, file.Path));
    }
}
