using System.Text.Json.Serialization;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>The content of <c>export.json</c>.</summary>
internal sealed record ReceiptDocument
{
    public int Version { get; init; } = NewestVersion;

    public string State { get; init; } = ExportReceipt.Incomplete;

    public required ExportJob Job { get; init; }

    public string? TransactionTime { get; init; }

    public DateTime? Expires { get; init; }

    public string? OutputOrganizedBy { get; init; }

    /// <summary>Whether the manifest was read, so that <see cref="Files"/> is all there is.</summary>
    public bool HasManifest { get; init; }

    /// <summary>Whether a second status request listed no further file.</summary>
    public bool Confirmed { get; init; }

    /// <summary>How many pages the manifest had.</summary>
    public int ManifestPages { get; init; } = 1;

    public string[] TypesWithoutFile { get; init; } = [];

    public MessageCounts Messages { get; init; } = new(0, 0, 0, 0);

    [JsonRequired]
    public IReadOnlyList<ReceiptEntry> Files { get; init; } = [];

    internal const int NewestVersion = 1;
}

/// <summary>One file of the receipt.</summary>
internal sealed record ReceiptEntry
{
    public required string Name { get; init; }

    public required string Kind { get; init; }

    public string? Type { get; init; }

    public int Page { get; init; }

    public int Index { get; init; }

    /// <summary>A hash of where the file came from, so that a manifest in another order is noticed (<see cref="FileSources"/>).</summary>
    public string? Source { get; init; }

    /// <summary>The manifest's count.</summary>
    public long? ExpectedCount { get; init; }

    public string State { get; init; } = Planned;

    public long? Count { get; init; }

    /// <summary>The size of the content.</summary>
    public long Bytes { get; init; }

    /// <summary>The size on disk.</summary>
    public long StoredBytes { get; init; }

    /// <summary>Whether it lies on disk as gzip, under a name that says so.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>Of the content.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What proved that it came whole (<see cref="Proof"/>).</summary>
    public string? ProvedBy { get; init; }

    /// <summary>What it was decoded from beyond its Content-Encoding, such as <c>gzip</c> or <c>Binary</c>.</summary>
    public string? DecodedFrom { get; init; }

    /// <summary>The strong ETag of the answer that the part holds the beginning of.</summary>
    public string? Validator { get; init; }

    /// <summary>The content encoding in which the part is stored.</summary>
    public string? PartEncoding { get; init; }

    /// <summary>The length of that answer on the wire; null when it did not say.</summary>
    public long? AnswerBytes { get; init; }

    /// <summary>How many lines are not what they should be.</summary>
    public long BadLines { get; init; }

    /// <summary>The name of the file that goes on with the last block of this one (organized output).</summary>
    public string? ContinuesIn { get; init; }

    /// <summary>How many bytes the last attempt found already there.</summary>
    public long ResumedBytes { get; init; }

    /// <summary>How long it took. A <c>double</c> would read <c>1e400</c> as infinity, which JSON cannot hold when it is written again.</summary>
    public decimal Seconds { get; init; }

    public int Attempts { get; init; }

    /// <summary>Whether the whole manifest does not list it, where an earlier one did; such an export is never complete.</summary>
    public bool? Unlisted { get; init; }

    /// <summary>Whether it was taken over from a damaged receipt, and no manifest has listed it since.</summary>
    public bool? Recovered { get; init; }

    /// <summary>The entry of a file that is still to be fetched.</summary>
    public static ReceiptEntry Of(ExportFile file) => new()
    {
        Name = file.Name,
        Kind = file.Kind,
        Type = file.Type,
        Page = file.Page,
        Index = file.Index,
        ExpectedCount = file.Count,
        ContinuesIn = file.ContinuesIn,
    };

    /// <summary>The name on disk.</summary>
    public static string StoredName(string name, bool isCompressed) => isCompressed ? name + ".gz" : name;

    /// <summary>Where it lies, below the folder.</summary>
    [JsonIgnore]
    public string OnDisk => StoredName(Name, IsCompressed) + (State == Invalid ? AsideEnding : "");

    /// <summary>Whether a file of the recorded size lies there, and no link leads to it.</summary>
    public bool LiesIn(string folder)
    {
        FileInfo file = new(ExportFolder.PathOf(folder, OnDisk));
        return file.Exists && file.Length == StoredBytes && LinkIn(folder) is null;
    }

    /// <summary>What to say when the way to it is a link, which is not followed: it leads to what this module did not write. Null when it is none.</summary>
    public string? LinkIn(string folder)
    {
        FileInfo file = new(ExportFolder.PathOf(folder, OnDisk));
        if (file.LinkTarget is not null)
        {
            return "a link lies in its place, which was not followed";
        }

        return file.Directory is { LinkTarget: not null } parent && parent.FullName != folder ? $"the folder {parent.Name} is a link, which was not followed" : null;
    }

    internal const string AsideEnding = ".invalid";
    internal const string Planned = "Planned";
    internal const string Saved = "Saved";
    internal const string Invalid = "Invalid";
    internal const string Failed = "Failed";
}

/// <summary>How many issues the server's message files hold, by severity.</summary>
internal sealed record MessageCounts(int Fatal, int Error, int Warning, int Information);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(ReceiptDocument))]
internal sealed partial class ReceiptJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReceiptEntry))]
internal sealed partial class JournalJson : JsonSerializerContext;
