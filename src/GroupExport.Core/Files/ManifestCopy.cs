using System.Text.Json;
using GroupExport.Disk;
using GroupExport.Fhir;
using GroupExport.Manifests;

namespace GroupExport.Files;

/// <summary>
/// Keeps the manifest in the folder as the server wrote it, fields that nobody here knows included (Bulk Data Access, <c>extension</c>):
/// <c>manifest.json</c>, further pages as <c>manifest.0002.json</c>. Only the queries of URLs are left out, because they can be signatures or patients.
/// </summary>
internal static class ManifestCopy
{
    private static readonly JsonWriterOptions s_readable = new() { Indented = true };

    private static string NameOf(int page) => page == 1 ? "manifest.json" : $"manifest.{page:0000}.json";

    /// <summary>What the copy of an export's manifest may be called, page by page.</summary>
    public static IEnumerable<string> NamesFor(ReceiptDocument receipt) =>
        Enumerable.Range(1, receipt.Files.Select(entry => entry.Page).Append(receipt.ManifestPages).Max()).Select(NameOf);

    /// <summary>Writes the pages from one on: those before it are kept already, and pages never change but for a link that is added to the last.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="pages">All pages so far.</param>
    /// <param name="from">The first page to write, from 1.</param>
    public static void Write(ExportFolder folder, IReadOnlyList<ReadOnlyMemory<byte>> pages, int from)
    {
        for (int page = from; page <= pages.Count; page++)
        {
            ReadOnlyMemory<byte> json = pages[page - 1];
            string path = folder.PathOf(NameOf(page));
            ExportFolder.OnDisk(() => AtomicFile.Write(path, target => Copy(json, target)));
        }
    }

    private static void Copy(ReadOnlyMemory<byte> json, Stream target)
    {
        using JsonDocument document = ManifestReader.Parse(json);
        using Utf8JsonWriter writer = new(target, s_readable);
        Copy(document.RootElement, writer, isUrl: false);
    }

    private static void Copy(JsonElement element, Utf8JsonWriter writer, bool isUrl)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Copy(property.Value, writer, property.Name is "url" or "request" or "continuesInFile");
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Copy(item, writer, isUrl);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Shown(element.GetString()!, isUrl));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>
    /// Without Patient references, and without a query: what has no blank in it can be a URL, absolute or not. Servers write URLs with blanks too.
    /// </summary>
    private static string Shown(string text, bool isUrl)
    {
        if (!isUrl && text.AsSpan().ContainsAny(' ', '\n') && !text.TrimStart().StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            return PatientReference.Mask(text);
        }

        int query = text.AsSpan().IndexOfAny('?', '#');
        return PatientReference.Mask(query >= 0 ? text[..query] + "?…" : text);
    }
}
