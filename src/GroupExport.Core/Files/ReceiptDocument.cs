using System.Text.Json.Serialization;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>The content of <c>export.json</c>.</summary>
internal sealed record ReceiptDocument
{
    public int Version { get; init; } = 1;

    public string State { get; init; } = ExportReceipt.Incomplete;

    public required ExportJob Job { get; init; }

    public string? TransactionTime { get; init; }

    public DateTime? Expires { get; init; }

    public string? OutputOrganizedBy { get; init; }

    /// <summary>Whether the manifest was read, so that <see cref="Files"/> is all there is.</summary>
    public bool HasManifest { get; init; }

    public string[] TypesWithoutFile { get; init; } = [];

    public MessageCounts Messages { get; init; } = new(0, 0, 0, 0);

    public IReadOnlyList<ReceiptEntry> Files { get; init; } = [];
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

    public long Bytes { get; init; }

    public string? Sha256 { get; init; }

    public double Seconds { get; init; }

    public int Attempts { get; init; }

    /// <summary>The entry of a file that is still to be fetched.</summary>
    public static ReceiptEntry Of(ExportFile file) => new()
    {
        Name = file.Name,
        Kind = file.Kind,
        Type = file.Type,
        Page = file.Page,
        Index = file.Index,
        ExpectedCount = file.Count,
    };

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
