using System.Text.Json;
using GroupExport.Json;
using GroupExport.Ndjson;

namespace GroupExport.Import;

/// <summary>Reads what was deleted from transaction Bundles with DELETE entries (Bulk Data Access, <c>deleted</c>).</summary>
/// <param name="types">The types of deleted resources that are wanted; empty for all.</param>
internal sealed class Deletions(IReadOnlySet<string> types) : LineForm(types)
{
    public override void Read(ReadOnlySpan<byte> line, long number, List<object> into)
    {
        if (TryScan(line, number, into))
        {
            List<DeletedResource> deleted = ReadBundle(Scan, line, out int others);
            if (deleted.Count == 0)
            {
                into.Add(new BrokenLine(number, ImportFaults.NoDeletions));
            }
            else if (others > 0)
            {
                into.Add(new BrokenLine(number, ImportFaults.OtherEntries, InPart: true));
            }

            into.AddRange(deleted.Where(resource => IsWanted(resource.Type)));
        }
    }

    /// <summary>Reads the entries of a Bundle; what is no Bundle has none.</summary>
    /// <param name="scan">The scan of its line.</param>
    /// <param name="line">Its line.</param>
    /// <param name="others">How many entries are no DELETE of a resource by type and id.</param>
    public static List<DeletedResource> ReadBundle(ResourceScan scan, ReadOnlySpan<byte> line, out int others)
    {
        List<DeletedResource> deleted = [];
        others = 0;
        ReadOnlySpan<byte> entries = scan.ValueOf("entry", line);
        if (scan.Type != "Bundle" || entries.IsEmpty || entries[0] != (byte)'[')
        {
            return deleted;
        }

        using JsonDocument document = LenientJson.Parse(entries.ToArray(), Nesting.MaxDepth);
        foreach (JsonElement entry in document.RootElement.EnumerateArray())
        {
            if (ReadEntry(entry) is { } resource)
            {
                deleted.Add(resource);
            }
            else
            {
                others++;
            }
        }

        return deleted;
    }

    private static DeletedResource? ReadEntry(JsonElement entry) =>
        entry.Member("request") is var request && request.Text("method") == "DELETE" && request.Text("url") is { } url && !url.Contains(LenientJson.Replacement)
            ? ReadUrl(url)
            : null;

    /// <summary>A relative or absolute URL of a resource; one with a query is a conditional delete, which names none.</summary>
    private static DeletedResource? ReadUrl(string url)
    {
        string[] parts = url.Split('/');
        parts = parts is [.., "_history", _] ? parts[..^2] : parts;
        return parts is [.., { Length: > 0 } type, { Length: > 0 } id] && char.IsAsciiLetterUpper(type[0]) && type.All(char.IsAsciiLetter) && !id.Contains('?')
            ? new DeletedResource { Type = type, Id = id }
            : null;
    }
}
