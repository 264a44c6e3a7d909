using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GroupExport.Json;

namespace GroupExport.Http;

/// <summary>
/// Represents the body of an answer that is not an export file: bounded, its content codings decoded, as UTF-8 without a byte order mark. Every token,
/// discovery, capability, kick-off, status, manifest, refusal and DELETE body is read here.
/// </summary>
/// <remarks>The time for all of the body is the request timeout, which <see cref="TimeLimitHandler"/> keeps.</remarks>
internal sealed class WireBody
{
    private WireBody(ReadOnlyMemory<byte> utf8) => Utf8 = utf8;

    /// <summary>Gets the bytes, valid UTF-8; empty when there is no body or it is <see cref="Unreadable"/>.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Gets the media type without parameters, in lower case; null when the answer names none.</summary>
    public string? MediaType { get; init; }

    /// <summary>Gets the reason why the body is not readable as text, for the end of a sentence; null when it is.</summary>
    public string? Unreadable { get; init; }

    /// <summary>Gets a value indicating whether the body is longer than was allowed, so that its end is missing.</summary>
    public bool IsCut { get; init; }

    /// <summary>Gets a value indicating whether nothing but white space came.</summary>
    public bool IsEmpty => Unreadable is null && Utf8.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Gets the body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Utf8.Span);

    /// <summary>Reads the body of an answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="maxBytes">The size at which the body is cut off, on the wire and decoded.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TimeoutException">The body did not arrive in time.</exception>
    /// <exception cref="IOException">The connection was cut, or the body is not of the content coding that it names.</exception>
    public static async Task<WireBody> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        string? mediaType = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant();
        byte[] raw = await ReadBytesAsync(response, maxBytes, cancellationToken).ConfigureAwait(false);
        string[] codings = response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out HeaderStringValues named) ? [.. named] : [];
        if (ContentCodings.Decode(raw, codings, maxBytes) is not { } bytes)
        {
            return new WireBody(default) { MediaType = mediaType, Unreadable = "it is in a content coding that was not asked for and is not known" };
        }

        bool isCut = raw.Length >= maxBytes || bytes.Length >= maxBytes;
        if (IsUtf16(bytes))
        {
            return new WireBody(default) { MediaType = mediaType, IsCut = isCut, Unreadable = "it is in UTF-16, where UTF-8 is the rule (RFC 8259, 8.1)" };
        }

        if (bytes.AsSpan().Contains((byte)0))
        {
            return new WireBody(default) { MediaType = mediaType, IsCut = isCut, Unreadable = "it is binary" };
        }

        return new WireBody(ToUtf8(bytes, response.Content.Headers.ContentType?.CharSet)) { MediaType = mediaType, IsCut = isCut };
    }

    /// <summary>Parses the body as JSON.</summary>
    /// <param name="fault">Why it is not, for the end of a sentence; null when it is.</param>
    /// <returns>The document, to be disposed of; null when the body is not JSON.</returns>
    public JsonDocument? ParseJson(out string? fault)
    {
        JsonDocument? document = Unreadable is null && !IsCut ? LenientJson.TryParse(Utf8) : null;
        fault = document is not null ? null : Unreadable ?? WhyNotJson();
        return document;
    }

    /// <summary>Determines whether the body is a web page, by its type or by how it begins.</summary>
    public bool IsPage =>
        MediaType is "text/html" or "application/xhtml+xml" ? !StartsLike("{"u8) && !StartsLike("["u8) : StartsLike("<!doctype html"u8) || StartsLike("<html"u8);

    /// <summary>Determines whether the body begins with some ASCII characters, white space and case apart.</summary>
    public bool StartsLike(ReadOnlySpan<byte> ascii)
    {
        ReadOnlySpan<byte> text = Utf8.Span.TrimStart(" \t\r\n"u8);
        return text.Length >= ascii.Length && System.Text.Ascii.EqualsIgnoreCase(text[..ascii.Length], ascii);
    }

    private string WhyNotJson()
    {
        if (IsCut)
        {
            return "it is larger than is allowed";
        }

        if (IsEmpty)
        {
            return "it is empty";
        }

        if (IsPage)
        {
            return "it is a web page";
        }

        return LenientJson.IsTooDeep(Utf8.Span) ? $"it is nested deeper than {LenientJson.MaxDepth} levels" : "it is not JSON";
    }

    private static async Task<byte[]> ReadBytesAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using MemoryStream kept = new();
            byte[] buffer = new byte[16 * 1024];
            int read;
            while (kept.Length < maxBytes && (read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                kept.Write(buffer, 0, (int)Math.Min(read, maxBytes - kept.Length));
            }

            return kept.ToArray();
        }
    }

    /// <summary>Determines whether bytes are UTF-16: a byte order mark, or an ASCII character beside a zero.</summary>
    private static bool IsUtf16(byte[] bytes) =>
        bytes.Length >= 2 && ((bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF) || (bytes[0] == 0 != (bytes[1] == 0)));

    /// <summary>Converts from the charset that old servers name for text; whatever else is named is read as UTF-8, as JSON and XML are.</summary>
    private static ReadOnlyMemory<byte> ToUtf8(byte[] bytes, string? charset) =>
        charset?.Trim('"', '\'').ToLowerInvariant() is "iso-8859-1" or "latin1" or "windows-1252" && !System.Text.Unicode.Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(bytes))
            : LenientJson.ToUtf8(bytes);
}
