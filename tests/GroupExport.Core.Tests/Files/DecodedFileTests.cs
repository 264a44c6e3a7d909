using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Files that are not served as what they are: objects stored as gzip, gzip twice, and Binary resources.</summary>
public sealed class DecodedFileTests
{
    private static readonly string s_content = ServedFile.Lines(20_000);
    private static readonly byte[] s_zipped = Answer.Zipped(s_content);
    private static readonly byte[] s_zippedTwice = Zipped(s_zipped);

    [Theory]
    [InlineData("object", "gzip")]
    [InlineData("object, encoded", "gzip")]
    [InlineData("object in an object", "gzip, gzip")]
    [InlineData("encoded", null)]
    [InlineData("plain", null)]
    [InlineData("plain, said to be encoded", null)]
    [InlineData("members", "gzip")]
    [InlineData("Binary", "Binary")]
    [InlineData("Binary in XML", "Binary")]
    [InlineData("Binary in an object", "gzip, Binary")]
    public async Task Content_is_saved_as_it_is_whatever_it_came_in(string form, string? decodedFrom)
    {
        foreach (bool compress in new[] { false, true })
        {
            await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), _ => Served(form));
            using TemporaryFolder folder = new();

            Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Compress = compress, Validation = Validation.Full });

            Assert.Empty(reports.Of<Failure>());
            AssertIsContent(reports.File(), folder, compress);
            Assert.Equal(("Saved", decodedFrom, 1), (reports.File().State, reports.File().DecodedFrom, reports.File().Attempts));
            Assert.Equal(decodedFrom, Assert.Single(Receipts.Open(folder.Path).Files).DecodedFrom);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_object_that_is_gzip_is_kept_as_it_came_and_resumed_when_packed_files_are_wanted(bool inALaterRun)
    {
        ServedFile served = new(s_zipped) { CutAt = request => request == 1 ? 20_000 : inALaterRun && request <= 3 ? 0 : null };
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":20000"), arrival => served.Answer(arrival));
        using TemporaryFolder folder = new();
        SaveSetup setup = new() { Compress = true, Validation = Validation.Full };
        if (inALaterRun)
        {
            await Saves.SaveAsync(server, folder, setup);
            Assert.True(File.Exists(folder.File("Patient.0001.ndjson.gz.part")));
        }

        SavedFile file = (await Saves.SaveAsync(server, folder, setup with { Reports = new() })).File();

        Assert.Equal("Saved", file.State);
        Assert.True(file.ResumedBytes >= 20_000 - 1);
        Assert.Equal("identity", server.To("/file")[^1].Header("Accept-Encoding"));
        Assert.Equal(s_zipped, await File.ReadAllBytesAsync(folder.File("Patient.0001.ndjson.gz")));
        AssertIsContent(file, folder, compress: true);
    }

    [Theory]
    [InlineData("object, encoded")]
    [InlineData("Binary")]
    [InlineData("plain, said to be encoded")]
    public async Task What_is_not_kept_as_it_came_starts_over_after_a_cut(string form)
    {
        int asked = 0;
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Cut(Served(form), ++asked == 1));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Compress = form != "plain, said to be encoded", Validation = Validation.Full })).File();

        Assert.Equal(("Saved", 0L, 2), (file.State, file.ResumedBytes, file.Attempts));
        Assert.All(server.To("/file"), arrival => Assert.Null(arrival.Header("Range")));
    }

    [Fact]
    public async Task A_damaged_object_is_never_saved()
    {
        byte[] damaged = [.. s_zipped];
        damaged[^6] ^= 1;
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(damaged));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.FileFailed, reports.Failure().Kind);
        Assert.Contains("gzip body is damaged", reports.Failure().Message);
        Assert.DoesNotContain(folder.Names, name => name.StartsWith("Patient", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_are_not_looked_into_are_left_as_they_came()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(s_zipped));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.None })).File();

        Assert.Equal(("Saved", null), (file.State, file.DecodedFrom));
        Assert.Equal(s_zipped, await File.ReadAllBytesAsync(folder.File("Patient.0001.ndjson")));
    }

    [Theory]
    [InlineData("Patient", "application/fhir+json", null, true)]
    [InlineData("Patient", "application/fhir+ndjson", "application/octet-stream", true)]
    [InlineData(null, "application/fhir+json", "application/fhir+ndjson", true)]
    [InlineData(null, "application/fhir+ndjson", "application/pdf", false)]
    [InlineData("Binary", "application/fhir+json", "application/fhir+ndjson", true)]
    [InlineData("Binary", "application/fhir+ndjson", "application/fhir+ndjson", false)]
    [InlineData("Binary", "application/fhir+json", "application/pdf", false)]
    public async Task A_Binary_is_decoded_only_where_it_carries_the_file(string? type, string answered, string? contentType, bool isDecoded)
    {
        string line = $$"""{"resourceType":"{{type ?? "Patient"}}","id":"1"}""" + "\n";
        string named = contentType is null ? "" : $"\"contentType\":\"{contentType}\",";
        string binary = $$"""{"resourceType":"Binary",{{named}}"data":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(line))}}"}""";
        string stated = type is null ? "" : $"\"type\":\"{type}\",";
        await using RecordingServer server = Saves.Server(Saves.Manifest($$"""{{{stated}}"url":"/file"}"""), _ => Answer.Plain(200, binary, answered));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File();

        Assert.Equal(("Saved", isDecoded ? "Binary" : null), (file.State, file.DecodedFrom));
        Assert.Equal(isDecoded ? line : binary, await File.ReadAllTextAsync(file.Path));
    }

    [Theory]
    [InlineData("""{"resourceType":"Binary","contentType":"application/fhir+ndjson","data":"DATA"}""" + "\n" + """{"resourceType":"Binary"}""")]
    [InlineData("""{"resourceType":"Binary","contentType":"application/fhir+ndjson","data":"!DATA"}""")]
    [InlineData("""{"resourceType":"Binary","contentType":"application/fhir+ndjson","data":"DATA""")]
    [InlineData("""{"resourceType":"Binary","contentType":"application/fhir+ndjson","data":"DATA","resourceType":"Binary",}""")]
    [InlineData("""<Binary xmlns="http://hl7.org/fhir"><data value="DATA"/>""")]
    [InlineData("""<Binary xmlns="urn:other"><data value="DATA"/></Binary>""")]
    public async Task What_only_begins_as_a_Binary_is_never_saved_as_what_it_carries(string body)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Plain(200, body.Replace("DATA", Base64(s_content[..330]), StringComparison.Ordinal), "application/fhir+json"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full });

        Assert.Contains(reports.Failure().Kind, new[] { ExportErrorKind.InvalidFile, ExportErrorKind.FileFailed });
        Assert.False(File.Exists(folder.File("Patient.0001.ndjson")));
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    [Theory]
    [InlineData("/", "\\/")]
    [InlineData("+", "\\u002B")]
    [InlineData("e", "e\\r\\n")]
    [InlineData("e", "e ")]
    public async Task Escapes_in_the_data_of_a_Binary_do_not_matter(string written, string escaped)
    {
        string data = Base64(s_content).Replace(written, escaped, StringComparison.Ordinal);
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Json($$"""{"resourceType":"Binary","data":"{{data}}","id":"1"}"""));
        using TemporaryFolder folder = new();

        AssertIsContent((await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File(), folder, compress: false);
    }

    [Fact]
    public async Task Character_references_in_the_data_of_an_XML_Binary_do_not_matter()
    {
        string data = Base64(s_content).Replace("e", "e&#xA;", StringComparison.Ordinal).Replace("R", "&#82;", StringComparison.Ordinal);
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Plain(200, $"<?xml version=\"1.0\"?><Binary xmlns='http://hl7.org/fhir'><data value='{data}'/></Binary>", "application/fhir+xml"));
        using TemporaryFolder folder = new();

        AssertIsContent((await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File(), folder, compress: false);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(",\"count\":0", true)]
    [InlineData(",\"count\":3", false)]
    public async Task An_answer_without_content_is_an_empty_file(string count, bool isSaved)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(count), _ => new Answer { Status = 204 });
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(isSaved ? "Saved" : "Invalid", reports.File().State);
        Assert.Equal(isSaved ? [] : [ExportErrorKind.CountMismatch], reports.Of<Failure>().Select(failure => failure.Exception.Kind));
        Assert.Equal(isSaved ? "Complete" : "Incomplete", Receipts.Open(folder.Path).State);
        Assert.Empty(reports.Of<Caution>());
    }

    private static Answer Served(string form) => form switch
    {
        "object" => Answer.Ndjson(s_zipped).With("x-amz-meta", "gz"),
        "object, encoded" => Answer.Ndjson(s_zippedTwice).With("Content-Encoding", "gzip"),
        "object in an object" => Answer.Ndjson(s_zippedTwice),
        "encoded" => Answer.Ndjson(s_zipped).With("Content-Encoding", "gzip"),
        "plain, said to be encoded" => Answer.Ndjson(s_content).With("Content-Encoding", "gzip"),
        "members" => Answer.Ndjson([.. Answer.Zipped(s_content[..1000]), .. Answer.Zipped(s_content[1000..])]),
        "Binary" => Answer.Json($$"""{"resourceType":"Binary","id":"1","contentType":"application/fhir+ndjson","data":"{{Base64(s_content)}}"}"""),
        "Binary in XML" => Answer.Plain(200, $"\uFEFF<Binary xmlns=\"http://hl7.org/fhir\"><contentType value=\"application/fhir+ndjson\"/><data value=\"{Base64(s_content)}\"/></Binary>", "application/fhir+xml"),
        "Binary in an object" => Answer.Ndjson(Answer.Zipped($$"""{"resourceType":"Binary","data":"{{Base64(s_content)}}"}""")),
        _ => Answer.Ndjson(s_content),
    };

    private static Answer Cut(Answer answer, bool isCut) => answer.With("ETag", "\"v1\"") with { CutAt = isCut ? answer.Body.Length / 2 : null };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static byte[] Zipped(byte[] bytes)
    {
        using MemoryStream zipped = new();
        using (GZipStream gzip = new(zipped, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return zipped.ToArray();
    }

    private static void AssertIsContent(SavedFile file, TemporaryFolder folder, bool compress)
    {
        byte[] content = Encoding.UTF8.GetBytes(s_content);
        Assert.Equal(("Saved", 20_000L, (long)content.Length), (file.State, file.Count, file.Bytes));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant(), file.Sha256);
        using Stream stored = File.OpenRead(folder.File(compress ? "Patient.0001.ndjson.gz" : "Patient.0001.ndjson"));
        using Stream read = compress ? new GZipStream(stored, CompressionMode.Decompress) : stored;
        using MemoryStream copy = new();
        read.CopyTo(copy);
        Assert.Equal(content, copy.ToArray());
    }
}
