using System.Text.Json;
using GroupExport.Http;
using GroupExport.Json;

namespace GroupExport.Manifests;

/// <summary>Reads manifests of all versions tolerantly: absent, null and empty arrays mean the same, <c>outcome</c> stands for <c>error</c>, a string may stand for a boolean.</summary>
internal static class ManifestReader
{
    /// <param name="json">The body of the answer.</param>
    /// <param name="source">Where it came from; relative URLs are resolved against it.</param>
    /// <param name="page">The number of this page, from 1.</param>
    /// <exception cref="ExportException">The body is not a manifest (<see cref="ExportErrorKind.InvalidManifest"/>).</exception>
    public static ExportManifest Read(ReadOnlyMemory<byte> json, ServerUrl source, int page)
    {
        try
        {
            using JsonDocument document = Parse(json);
            return Read(document.RootElement, source, page);
        }
        catch (JsonException) when (LenientJson.IsTooDeep(json.Span))
        {
            throw Invalid(page, $"it is nested deeper than {LenientJson.MaxDepth} levels");
        }
        catch (Exception fault) when (fault is JsonException or UriFormatException or FormatException or InvalidOperationException)
        {
            throw Invalid(page, "it is not readable JSON of the expected shape", fault);
        }
    }

    /// <summary>The text of a page as JSON; a byte order mark does not matter.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json) => LenientJson.Parse(json);

    /// <summary>Determines whether JSON has a member by which a manifest is known.</summary>
    public static bool IsManifest(JsonElement root) => root.Has("output") || root.Has("transactionTime") || root.Has("requiresAccessToken");

    private static ExportManifest Read(JsonElement root, ServerUrl source, int page)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(page, "it is not a JSON object");
        }

        if (!IsManifest(root))
        {
            throw Invalid(page, "it has none of transactionTime, requiresAccessToken and output");
        }

        List<ManifestEntry> entries = [];
        AddEntries(entries, root, "output", FileKind.Output, source, page);
        AddEntries(entries, root, "deleted", FileKind.Deleted, source, page);
        AddEntries(entries, root, "error", FileKind.Error, source, page);
        AddEntries(entries, root, "outcome", FileKind.Error, source, page);
        return new ExportManifest(
            root.Text("transactionTime"),
            root.Boolean("requiresAccessToken"),
            root.Text("outputOrganizedBy"),
            entries,
            Next(root, source),
            RedoxLogIds.Of(root));
    }

    private static void AddEntries(List<ManifestEntry> entries, JsonElement root, string name, FileKind kind, ServerUrl source, int page)
    {
        // A list that is no list must not pass for an empty one.
        if (root.Member(name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Array or JsonValueKind.Object))
        {
            throw Invalid(page, $"{name} is not an array");
        }

        int index = 0;
        foreach (JsonElement item in root.Items(name))
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw Invalid(page, $"{name}[{index}] is not an object");
            }

            ServerUrl? url = item.Text("url") is { } text ? source.Resolve(text) : null;
            entries.Add(new ManifestEntry(kind, item.Text("type"), url, item.Count("count"), item.Count("fileSize") ?? item.Count("filesize"), page, index, item.Text("continuesInFile")));
            index++;
        }
    }

    private static ServerUrl? Next(JsonElement root, ServerUrl source)
    {
        foreach (JsonElement link in root.Items("link"))
        {
            if (link.Text("relation") == "next" && link.Text("url") is { } url)
            {
                return source.Resolve(url);
            }
        }

        return null;
    }

    private static ExportException Invalid(int page, string why, Exception? cause = null) => new(
        ExportErrorKind.InvalidManifest,
        $"The server says that the export is complete, but {(page == 1 ? "its manifest" : $"page {page} of its manifest")} cannot be used: {why}. The job was left alone; ask the server's operator.",
        cause);
}
