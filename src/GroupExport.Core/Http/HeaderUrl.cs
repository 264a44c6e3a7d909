using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace GroupExport.Http;

/// <summary>Reads the URL of a response header as it was sent. The typed properties of .NET parse it into a System.Uri, which rewrites it.</summary>
internal static class HeaderUrl
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns the first value of a header; null if the header is missing or empty.</summary>
    public static string? Read(HttpResponseMessage response, string name) => ReadAll(response, name) is [string first, ..] ? first : null;

    /// <summary>Returns the values of a header that can be sent several times, without empty ones.</summary>
    public static IReadOnlyList<string> ReadAll(HttpResponseMessage response, string name)
    {
        if (!response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) && !response.Content.Headers.NonValidated.TryGetValues(name, out values))
        {
            return [];
        }

        // .NET reads header bytes as Latin-1, except in Location, where it decodes UTF-8 itself.
        return [.. values.Select(value => value.Trim(' ')).Where(value => value.Length > 0).Select(value => name == "Location" ? value : Decoded(value))];
    }

    /// <summary>URLs in headers are UTF-8, if they are not ASCII; other bytes are percent-encoded as they are.</summary>
    private static string Decoded(string latin)
    {
        if (Ascii.IsValid(latin))
        {
            return latin;
        }

        try
        {
            return s_strict.GetString(Encoding.Latin1.GetBytes(latin));
        }
        catch (DecoderFallbackException)
        {
            return string.Concat(latin.Select(unit => unit < 0x80 ? unit.ToString() : string.Create(CultureInfo.InvariantCulture, $"%{(int)unit:X2}")));
        }
    }
}
