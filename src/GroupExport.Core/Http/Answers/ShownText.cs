using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace GroupExport.Http;

/// <summary>
/// Prepares a server's text for people and logs: secrets masked, also where the text carries them percent-, entity- or JSON-encoded; white space folded;
/// control characters, terminal escapes and bidirectional overrides spelled out; bounded.
/// </summary>
internal static partial class ShownText
{
    /// <summary>The number of encodings that may lie on top of each other.</summary>
    private const int MaxEncodings = 3;

    /// <summary>Returns the text as it may be shown.</summary>
    /// <param name="text">The server's text.</param>
    /// <param name="mask">Replaces what may not be shown.</param>
    /// <param name="maxChars">The length at which it is cut off, with an ellipsis.</param>
    public static string Of(string text, Func<string, string> mask, int maxChars)
    {
        string masked = mask(text);
        string decoded = Decoded(text);
        if (decoded != text && mask(decoded) is { } revealed && revealed != decoded)
        {
            masked = revealed;
        }

        return Bounded(Visible(WhiteSpace().Replace(masked, " ").Trim()), maxChars);
    }

    /// <summary>Returns the text with each character that a terminal would obey, or that reorders what is read, as <c>\u001B</c>.</summary>
    public static string Visible(string text)
    {
        if (!text.Any(IsTreacherous))
        {
            return text;
        }

        StringBuilder visible = new(text.Length + 16);
        foreach (char character in text)
        {
            if (IsTreacherous(character))
            {
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            }
            else
            {
                visible.Append(character);
            }
        }

        return visible.ToString();
    }

    /// <summary>Returns the text, or its beginning and an ellipsis when it is longer than allowed; no surrogate pair is split.</summary>
    public static string Bounded(string text, int maxChars)
    {
        if (text.Length <= maxChars)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[maxChars - 1]) ? maxChars - 1 : maxChars;
        return text[..end] + "…";
    }

    private static bool IsTreacherous(char character) => char.IsControl(character)
        || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Decoded(string text)
    {
        for (int round = 0; round < MaxEncodings; round++)
        {
            string next = JsonEscape().Replace(WebUtility.HtmlDecode(Uri.UnescapeDataString(text)), Unescaped);
            if (next == text)
            {
                break;
            }

            text = next;
        }

        return text;
    }

    private static string Unescaped(Match escape) => escape.Groups[1].Success
        ? ((char)int.Parse(escape.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()
        : escape.Value[1..];

    [GeneratedRegex(@"\\(?:u([0-9A-Fa-f]{4})|[/""\\])")]
    private static partial Regex JsonEscape();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
