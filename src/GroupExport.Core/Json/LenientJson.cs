using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace GroupExport.Json;

/// <summary>Parses JSON from outside: bytes that are not UTF-8 and escapes of half a surrogate pair become U+FFFD, so that every string in it can be read.</summary>
/// <remarks>The depth is limited to <see cref="MaxDepth"/> levels; no FHIR document that this module reads comes near it.</remarks>
internal static class LenientJson
{
    /// <summary>The number of levels that objects and arrays may be nested.</summary>
    public const int MaxDepth = 64;

    /// <summary>The character that stands for what was not text.</summary>
    public const char Replacement = '\uFFFD';

    private static readonly UTF8Encoding s_replacing = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);
    private static readonly SearchValues<char> s_surrogateDigits = SearchValues.Create("89abABcdefCDEF");

    /// <summary>Parses a document; a byte order mark is skipped.</summary>
    /// <exception cref="JsonException">The bytes are not one JSON value, or it is nested too deep.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, int maxDepth = MaxDepth) => JsonDocument.Parse(Readable(utf8), new JsonDocumentOptions { MaxDepth = maxDepth });

    /// <summary>Parses a document.</summary>
    /// <exception cref="JsonException">The text is not one JSON value, or it is nested too deep.</exception>
    public static JsonDocument Parse(string json) => Parse(s_replacing.GetBytes(json));

    /// <summary>Returns the document, or null when the bytes are not one.</summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return Parse(utf8);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Determines whether the bytes fail to parse because they are nested too deep.</summary>
    public static bool IsTooDeep(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth > MaxDepth)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Not JSON, which is another fault.
        }

        return false;
    }

    /// <summary>Returns the bytes without a byte order mark and with U+FFFD in place of what is not UTF-8.</summary>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> text = bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        return Utf8.IsValid(text.Span) ? text : s_replacing.GetBytes(s_replacing.GetString(text.Span));
    }

    private static ReadOnlyMemory<byte> Readable(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlyMemory<byte> text = ToUtf8(bytes);
        return text.Span.IndexOf("\\ud"u8) < 0 && text.Span.IndexOf("\\uD"u8) < 0 ? text : s_replacing.GetBytes(PairSurrogates(s_replacing.GetString(text.Span)));
    }

    /// <summary>Replaces each escaped surrogate that is not part of a pair, which the parser takes and the reader of strings does not.</summary>
    private static string PairSurrogates(string json)
    {
        StringBuilder paired = new(json.Length);
        for (int at = 0; at < json.Length; at++)
        {
            if (json[at] != '\\')
            {
                paired.Append(json[at]);
                continue;
            }

            bool isHigh = SurrogateAt(json, at) is 'H';
            if (isHigh && SurrogateAt(json, at + 6) is 'L')
            {
                paired.Append(json, at, 12);
                at += 11;
            }
            else if (SurrogateAt(json, at) is not null)
            {
                paired.Append("\\uFFFD");
                at += 5;
            }
            else
            {
                // Both characters of an escape, so that an escaped backslash does not begin another.
                int length = Math.Min(2, json.Length - at);
                paired.Append(json, at, length);
                at += length - 1;
            }
        }

        return paired.ToString();
    }

    /// <summary>Returns <c>H</c> or <c>L</c> for an escaped high or low surrogate at a position; otherwise, null.</summary>
    private static char? SurrogateAt(string json, int at)
    {
        if (at + 6 > json.Length || json[at] != '\\' || json[at + 1] != 'u' || json[at + 2] is not ('d' or 'D') || !s_surrogateDigits.Contains(json[at + 3]))
        {
            return null;
        }

        return char.IsAsciiHexDigit(json[at + 4]) && char.IsAsciiHexDigit(json[at + 5])
            ? json[at + 3] is '8' or '9' or 'a' or 'b' or 'A' or 'B' ? 'H' : 'L'
            : null;
    }
}
