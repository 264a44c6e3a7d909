using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace GroupExport.Disk;

/// <summary>
/// Writes JSON objects that carry a digest of their own content, and reads them back. The digest is the SHA-256 over all other members, written
/// without whitespace: it finds damage and edits, in any token, and nothing in a layout that an editor changed. It is not a signature: anyone can
/// compute it.
/// </summary>
internal static class SealedJson
{
    private const string Member = "digest";
    private const string Version = "version";

    private static readonly JsonWriterOptions s_readable = new() { Indented = true };

    /// <summary>Returns an object as JSON with its digest as the last member.</summary>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type, bool indented)
    {
        if (!indented && !type.Options.WriteIndented)
        {
            return Seal(JsonSerializer.SerializeToUtf8Bytes(value, type));
        }

        using JsonDocument content = JsonSerializer.SerializeToDocument(value, type);
        ArrayBufferWriter<byte> sealedContent = new();
        using (Utf8JsonWriter json = new(sealedContent, indented ? s_readable : default))
        {
            json.WriteStartObject();
            WriteMembers(content.RootElement, json);
            json.WriteString(Member, DigestOf(content.RootElement));
            json.WriteEndObject();
        }

        return sealedContent.WrittenSpan.ToArray();
    }

    /// <summary>Adds the digest to an object that is written in the very form that the digest is made over, as each line of a journal is.</summary>
    private static byte[] Seal(byte[] content) => [.. content.AsSpan(0, content.Length - 1), .. Encoding.ASCII.GetBytes($",\"{Member}\":\"{DigestOf(content)}\"}}")];

    /// <summary>Reads such an object, damaged or not. A byte order mark is skipped.</summary>
    /// <exception cref="Exception">None: what cannot be read, or could not be written again, has no value.</exception>
    public static SealedJson<T> Read<T>(ReadOnlyMemory<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        if (json.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        if (!Utf8.IsValid(json.Span))
        {
            return default;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, type) : default;
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            return default;
        }
    }

    private static SealedJson<T> Read<T>(JsonElement root, JsonTypeInfo<T> type)
        where T : class
    {
        int? version = root.TryGetProperty(Version, out JsonElement number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int known) ? known : null;
        try
        {
            return new SealedJson<T>(root.Deserialize(type), HasDigest(root), version);
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            return new SealedJson<T>(null, false, version);
        }
    }

    /// <summary>Half a surrogate pair in a text is an <see cref="InvalidOperationException"/> of the JSON library, or an <see cref="ArgumentException"/>.</summary>
    private static bool IsDamage(Exception exception) => exception is JsonException or InvalidOperationException or ArgumentException or NotSupportedException;

    private static bool HasDigest(JsonElement root)
    {
        JsonElement[] digests = [.. root.EnumerateObject().Where(member => member.NameEquals(Member)).Select(member => member.Value)];
        return digests is [{ ValueKind: JsonValueKind.String } digest] && digest.ValueEquals(DigestOf(root));
    }

    private static string DigestOf(JsonElement root)
    {
        ArrayBufferWriter<byte> content = new();
        using (Utf8JsonWriter json = new(content))
        {
            json.WriteStartObject();
            WriteMembers(root, json);
            json.WriteEndObject();
        }

        return DigestOf(content.WrittenSpan);
    }

    private static string DigestOf(ReadOnlySpan<byte> content) => $"sha256:{Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant()}";

    private static void WriteMembers(JsonElement root, Utf8JsonWriter json)
    {
        foreach (JsonProperty member in root.EnumerateObject().Where(member => !member.NameEquals(Member)))
        {
            member.WriteTo(json);
        }
    }
}

/// <summary>What was read of an object that carries a digest of its own content.</summary>
/// <param name="Value">The object; null if it cannot be read.</param>
/// <param name="IsIntact">Whether its digest is right.</param>
/// <param name="Version">The version that it states; null if it states none.</param>
internal readonly record struct SealedJson<T>(T? Value, bool IsIntact, int? Version)
    where T : class;
