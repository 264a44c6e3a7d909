using System.Text.Json.Nodes;
using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>A folder with a saved export, to be damaged and checked: two files of patients, one deleted, one of messages.</summary>
internal sealed class SavedFolder : IDisposable
{
    public const string First = "Patient.0001.ndjson";
    public const string Second = "Patient.0002.ndjson";
    public const string Deleted = "deleted/Bundle.0001.ndjson";
    public const string Message = "error/OperationOutcome.0001.ndjson";

    /// <summary>Letters beyond ASCII, and a last line without an end.</summary>
    public static readonly string Content = ServedFile.Lines(3) + "{\"resourceType\":\"Patient\",\"id\":\"Zoë 李\"}";

    private const string Outcome = """{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational"}]}""";

    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public static async Task<SavedFolder> MakeAsync(SaveSetup? setup = null, Func<Arrival, Answer>? files = null)
    {
        SavedFolder made = new();
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/1"},{"type":"Patient","url":"/2"}""", """{"type":"Bundle","url":"/deleted"}""", """{"type":"OperationOutcome","url":"/error"}"""),
            arrival => files?.Invoke(arrival) ?? arrival.Path switch
            {
                "/deleted" => Answer.Ndjson("{\"resourceType\":\"Bundle\"}\n"),
                "/error" => Answer.Ndjson(Outcome),
                _ => Answer.Ndjson(Content),
            });
        await Saves.SaveAsync(server, made._folder, setup);
        return made;
    }

    public string File(string name) => _folder.File(name);

    /// <summary>Writes over a byte, so that the size stays.</summary>
    public void Flip(string name, int at)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(File(name));
        bytes[at] ^= 1;
        System.IO.File.WriteAllBytes(File(name), bytes);
    }

    /// <summary>Makes the receipt say something else of a file: a field by its name in JSON.</summary>
    public void EditReceipt(string name, string field, JsonNode? value) =>
        Sealed.Edit(File("export.json"), receipt => receipt["files"]!.AsArray().Single(file => (string?)file!["name"] == name)![field] = value);

    public async Task<IReadOnlyList<FileCheck>> CheckAsync(params string[] only)
    {
        Reports reports = new();
        await new FolderCheck(Path, reports.Add) { Only = only.Length == 0 ? null : only.ToHashSet() }.RunAsync(CancellationToken.None);
        Assert.Empty(reports.Of<Failure>());
        return [.. reports.Of<FileChecked>().Select(found => found.Check).OrderBy(check => check.Name, StringComparer.Ordinal)];
    }

    /// <summary>The one check that did not pass; all others did.</summary>
    public async Task<FileCheck> FindingAsync() => Assert.Single(await CheckAsync(), check => !check.Passed);

    public void Dispose() => _folder.Dispose();
}
