using System.Text.Json;
using GroupExport.Disk;
using GroupExport.Fhir;

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

    public static void Write(ExportFolder folder, IReadOnlyList<ReadOnlyMemory<byte>> pages)
    {
        for (int page = 1; page <= pages.Count; page++)
        {
            string path = folder.PathOf(NameOf(page));
            ReadOnlyMemory<byte> json = pages[page - 1];
            ExportFolder.OnDisk(() =>
            {
                using (FileStream part = PrivateFiles.Open(path + ".part", FileMode.Create, FileShare.None))
                {
                    Copy(json, part);
                }

                File.Move(path + ".part", path, overwrite: true);
            });
        }
    }

    private static void Copy(ReadOnlyMemory<byte> json, Stream target)
    {
        using JsonDocument document = JsonDocument.Parse(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json);
        using Utf8JsonWriter writer = new(target, s_readable);
        Copy(document.RootElement, writer);
    }

    private static void Copy(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Copy(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Copy(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Shown(element.GetString()!));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>Without Patient references, and without a query: what has no blank in it can be a URL, absolute or not.</summary>
    private static string Shown(string text)
    {
        if (text.AsSpan().ContainsAny(' ', '\n'))
        {
            return PatientReference.Mask(text);
        }

        int query = text.AsSpan().IndexOfAny('?', '#');
        return PatientReference.Mask(query >= 0 ? text[..query] + "?…" : text);
    }
}
