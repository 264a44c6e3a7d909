using System.Text;
using System.Text.Json;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Exports whose manifest lists a file several times, without a URL, or with the content of another.</summary>
public sealed class OddEntryTests
{
    private const string A = """{"type":"Patient","url":"/a","count":3}""";
    private const string B = """{"type":"Patient","url":"/b","count":2}""";
    private const string Nowhere = """{"type":"Patient","count":2}""";

    [Fact]
    public async Task A_file_that_is_listed_twice_is_fetched_once_and_warned_of_once()
    {
        await using RecordingServer server = Serving(() => $"{A},{B},{A}");
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(["Saved", "Saved"], States(reports));
        Assert.Single(server.To("/a"));
        Assert.Contains("Patient.0001.ndjson", Assert.Single(reports.Of<Caution>()).Text);
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task A_URL_of_two_types_is_one_failed_file()
    {
        await using RecordingServer server = Serving(() => $$"""{{A}},{"type":"Observation","url":"/a"},{{B}}""");
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(["Failed", "Saved"], States(reports));
        Assert.Equal(ExportErrorKind.FileFailed, reports.Failure().Kind);
        Assert.Contains("different kinds or types", reports.Failure().Message);
        Assert.Empty(server.To("/a"));
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task An_entry_without_URL_and_resources_is_no_file_and_its_type_is_not_missed()
    {
        await using RecordingServer server = Serving(() => $$"""{{A}},{"type":"Observation","count":0},{{B}}""");
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Job = JobOf(server, "Patient", "Observation") });

        Assert.Equal(["Saved", "Saved"], States(reports));
        Assert.Empty(reports.Of<Caution>());
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task An_entry_without_URL_that_counts_resources_is_one_failed_file_until_it_gets_one()
    {
        string output = $"{Nowhere},{A}";
        await using RecordingServer server = Serving(() => output);
        using TemporaryFolder folder = new();

        Reports first = await Saves.SaveAsync(server, folder);
        Reports again = await Saves.SaveAsync(server, folder);
        output = $"{A},{B}";
        Reports last = await Saves.SaveAsync(server, folder);

        Assert.Equal(["Failed", "Saved"], States(first));
        Assert.Equal(["AlreadySaved", "Failed"], States(again));
        Assert.Equal(["AlreadySaved", "Saved"], States(last));
        Assert.Equal([ExportErrorKind.FileFailed], first.Of<Failure>().Select(failure => failure.Exception.Kind));
        Assert.Equal(["Patient.0001.ndjson", "Patient.0002.ndjson"], folder.Names.Where(name => name.StartsWith("Patient", StringComparison.Ordinal)));
        Assert.Equal(2, Lines(folder.File("Patient.0001.ndjson")));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task Files_keep_their_names_beside_one_without_URL_though_signatures_change()
    {
        int asked = 0;
        await using RecordingServer server = Serving(() => asked++ == 0
            ? """{"type":"Patient","count":2},{"type":"Patient","count":9},{"type":"Patient","url":"/a?sig=1"}"""
            : """{"type":"Patient","url":"/a?sig=2"},{"type":"Patient","count":2},{"type":"Patient","count":9}""");
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);
        Reports again = await Saves.SaveAsync(server, folder);

        Assert.Equal("Patient.0003.ndjson", Assert.Single(again.Of<FileDone>(), done => done.File.State == "AlreadySaved").File.Name);
        Assert.Single(server.To("/a"));
        Assert.Equal(3, Receipts.Open(folder.Path).FileCount);
    }

    [Fact]
    public async Task Files_of_one_type_with_equal_content_draw_one_warning()
    {
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/a"},{"type":"Patient","url":"/b"},{"type":"Group","url":"/c"},{"type":"Patient","url":"/d"},{"type":"Patient","url":"/e"}"""),
            arrival => Answer.Ndjson(arrival.Path is "/d" or "/e" ? "" : ServedFile.Lines(2)));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Job = JobOf(server) });

        Assert.Contains("Patient.0001.ndjson = Patient.0002.ndjson", Assert.Single(reports.Of<Caution>()).Text);
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Theory]
    [InlineData("_type", 1)]
    [InlineData("_type,_since", 0)]
    public async Task Types_that_were_asked_for_and_have_no_file_draw_one_warning_in_a_full_export(string parameters, int warnings)
    {
        await using RecordingServer server = Serving(() => A);
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Job = Asking(JobOf(server, "Patient", "Observation", "Device"), parameters.Split(',')) });

        Assert.Equal(warnings, reports.Of<Caution>().Count);
        Assert.All(reports.Of<Caution>(), caution => Assert.Contains("no file of Observation, Device", caution.Text));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task Bytes_that_are_not_text_in_an_unknown_field_leave_a_valid_copy_of_the_manifest()
    {
        byte[] manifest = [.. Encoding.UTF8.GetBytes("""{"output":[{"type":"Patient","url":"/a"}],"note":"x"""), 0xE9, 0xFF, .. Encoding.UTF8.GetBytes("""\ud83d","k"""), 0xFE, .. "\":1}"u8];
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1" ? Answer.Json("") with { Body = manifest } : Answer.Ndjson(ServedFile.Lines(3)));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("Saved", reports.File().State);
        using JsonDocument copy = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.File("manifest.json")));
        Assert.StartsWith("x\uFFFD", copy.RootElement.GetProperty("note").GetString());
        Assert.DoesNotContain(folder.Names, name => name.EndsWith(".part", StringComparison.Ordinal));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Theory]
    [InlineData("deep", "nested")]
    [InlineData("UTF-16", "UTF-16")]
    public async Task A_manifest_that_can_never_be_read_is_named_at_once(string form, string named)
    {
        string deep = $$"""{"output":[],"x":{{string.Concat(Enumerable.Repeat("[", 5000))}}{{string.Concat(Enumerable.Repeat("]", 5000))}}}""";
        byte[] body = form == "deep" ? Encoding.UTF8.GetBytes(deep) : [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Saves.OneFile())];
        await using RecordingServer server = new(Answer.Json("") with { Body = body });

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(ExportErrorKind.InvalidManifest, failure.Kind);
        Assert.Contains(named, failure.Message);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData("""{"resourceType":"OperationOutcome","issue":{"severity":"error","code":"processing","diagnostics":"p9 missing"}}""", "CompletedWithErrors")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"x","":1}],"":2}""", "CompletedWithErrors")]
    [InlineData("""{"resourceType":"OperationOutcome","contained":"x","issue":[{"severity":"warning","code":"x"}]}""", "Complete")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":"none"}""", "CompletedWithErrors")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":{},"code":[]}]}""", "CompletedWithErrors")]
    public async Task Message_files_end_the_export_whatever_their_lines_are(string line, string state)
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest("", error: """{"type":"OperationOutcome","url":"/messages"}"""), _ => Answer.Ndjson(line + "\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Empty(reports.Of<Stopped>());
        Assert.Equal(state, Receipts.Open(folder.Path).State);
    }

    private static RecordingServer Serving(Func<string> output) => Saves.Server(
        () => Saves.Manifest(output()),
        arrival => Answer.Ndjson(ServedFile.Lines(arrival.Path == "/b" ? 2 : 3)));

    private static ExportJob JobOf(RecordingServer server, params string[] types) => new() { StatusUrl = server.Url("status/1"), GroupId = "g", Types = types, Parameters = ["_type"] };

    private static ExportJob Asking(ExportJob job, string[] parameters) => new() { StatusUrl = job.StatusUrl, GroupId = job.GroupId, Types = job.Types, Parameters = parameters };

    private static string[] States(Reports reports) => [.. reports.Of<FileDone>().Select(done => done.File.State).Order(StringComparer.Ordinal)];

    private static int Lines(string path) => File.ReadAllLines(path).Length;
}
