using System.Text.Json;

namespace GroupExport.Manifests;

/// <summary>Reads manifests of all versions tolerantly: absent, null and empty arrays mean the same, <c>outcome</c> stands for <c>error</c>, a string may stand for a boolean.</summary>
internal static class ManifestReader
{
    /// <param name="json">The body of the answer.</param>
    /// <param name="source">Where it came from; relative URLs are resolved against it.</param>
    /// <param name="page">The number of this page, from 1.</param>
    /// <exception cref="ExportException">The body is not a manifest (<see cref="ExportErrorKind.InvalidManifest"/>).</exception>
    public static ExportManifest Read(ReadOnlyMemory<byte> json, Uri source, int page)
    {
        try
        {
            using JsonDocument document = Parse(json);
            return Read(document.RootElement, source, page);
        }
        catch (Exception fault) when (fault is JsonException or UriFormatException or FormatException or InvalidOperationException)
        {
            throw Invalid(page, "it is not readable JSON of the expected shape", fault);
        }
    }

    /// <summary>The text of a page as JSON; a byte order mark does not matter.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json);

    private static ExportManifest Read(JsonElement root, Uri source, int page)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(page, "it is not a JSON object");
        }

        if (!root.TryGetProperty("output", out _) && !root.TryGetProperty("transactionTime", out _) && !root.TryGetProperty("requiresAccessToken", out _))
        {
            throw Invalid(page, "it has none of transactionTime, requiresAccessToken and output");
        }

        List<ManifestEntry> entries = [];
        AddEntries(entries, root, "output", FileKind.Output, source, page);
        AddEntries(entries, root, "deleted", FileKind.Deleted, source, page);
        AddEntries(entries, root, "error", FileKind.Error, source, page);
        AddEntries(entries, root, "outcome", FileKind.Error, source, page);
        return new ExportManifest(
            Text(root, "transactionTime"),
            Boolean(root, "requiresAccessToken"),
            Text(root, "outputOrganizedBy"),
            entries,
            Next(root, source),
            RedoxLogIds.Of(root));
    }

    private static void AddEntries(List<ManifestEntry> entries, JsonElement root, string name, FileKind kind, Uri source, int page)
    {
        if (!root.TryGetProperty(name, out JsonElement array) || array.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        int index = 0;
        foreach (JsonElement item in array.EnumerateArray())
        {
            string url = Text(item, "url") ?? throw Invalid(page, $"{name}[{index}] has no url");
            entries.Add(new ManifestEntry(kind, Text(item, "type"), new Uri(source, url), Number(item, "count"), Number(item, "fileSize") ?? Number(item, "filesize"), page, index, Text(item, "continuesInFile")));
            index++;
        }
    }

    private static Uri? Next(JsonElement root, Uri source)
    {
        if (!root.TryGetProperty("link", out JsonElement links) || links.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (JsonElement link in links.EnumerateArray())
        {
            if (Text(link, "relation") == "next" && Text(link, "url") is { } url)
            {
                return new Uri(source, url);
            }
        }

        return null;
    }

    /// <summary>A string property; absent, null and empty are the same.</summary>
    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static long? Number(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out long number) && number >= 0 => number,
            JsonValueKind.String when long.TryParse(value.GetString(), out long number) && number >= 0 => number,
            _ => null,
        };
    }

    private static bool? Boolean(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(value.GetString(), out bool parsed) => parsed,
            _ => null,
        };
    }

    private static ExportException Invalid(int page, string why, Exception? cause = null) => new(
        ExportErrorKind.InvalidManifest,
        $"The server says that the export is complete, but {(page == 1 ? "its manifest" : $"page {page} of its manifest")} cannot be used: {why}. The job was left alone; ask the server's operator.",
        cause);
}
