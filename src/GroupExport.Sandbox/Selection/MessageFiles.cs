using System.Globalization;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;

namespace GroupExport.Sandbox.Selection;

/// <summary>Writes the files that are no output: what was deleted, and what the server has to say.</summary>
internal static class MessageFiles
{
    /// <summary>How many deletions are made up.</summary>
    public const int DeletionCount = 5;

    private const int EntriesPerBundle = 3;
    private static readonly string[] s_types = ["Condition", "Observation"];

    /// <summary>Made-up deletions since the last export: Bundles with several entries each, of types that were asked for.</summary>
    public static ExportFile Deletions(IReadOnlySet<string>? types)
    {
        var chosen = types is null ? s_types : types.Order(StringComparer.Ordinal).ToArray();
        var urls = Enumerable.Range(1, DeletionCount)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"{chosen[number % chosen.Length]}/deleted-{number:D4}"));
        var bundles = urls.Chunk(EntriesPerBundle).Select(Bundle).ToList();
        return new ExportFile("deleted.0001.ndjson", "Bundle", Lines(bundles), bundles.Count);
    }

    /// <summary>One OperationOutcome for each issue.</summary>
    public static ExportFile Outcomes(IReadOnlyList<(string Severity, Issue Issue)> issues)
    {
        var lines = issues.Select(issue => OperationOutcome.Json(issue.Severity, [issue.Issue])).ToList();
        return new ExportFile("outcome.0001.ndjson", "OperationOutcome", Lines(lines), lines.Count)
        {
            Severities = [.. issues.GroupBy(issue => issue.Severity).Select(group => new KeyValuePair<string, int>(group.Key, group.Count()))],
        };
    }

    private static ReadOnlyMemory<byte> Bundle(string[] urls) => JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Bundle"u8);
        json.WriteString("type"u8, "transaction"u8);
        json.WriteStartArray("entry"u8);
        foreach (var url in urls)
        {
            json.WriteStartObject();
            json.WriteStartObject("request"u8);
            json.WriteString("method"u8, "DELETE"u8);
            json.WriteString("url"u8, url);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static ByteSegments Lines(IEnumerable<ReadOnlyMemory<byte>> lines) =>
        new([.. lines.SelectMany(line => new ReadOnlyMemory<byte>[] { line, "\n"u8.ToArray() })]);
}
