using System.Text;

namespace GroupExport.Sandbox.Http;

/// <summary>Reads a query as servers commonly do: one level of percent-decoding, and a bare plus sign is a space.</summary>
internal static class QueryString
{
    /// <summary>Names and values in order; a parameter without an equals sign has an empty value.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string rawQuery)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var part in rawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(equals < 0
                ? new(Decode(part), "")
                : new(Decode(part[..equals]), Decode(part[(equals + 1)..])));
        }

        return pairs;
    }

    /// <summary>One name or value.</summary>
    public static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>Splits at unescaped separators; <c>\,</c> and <c>\|</c> stand for themselves (FHIR R4 search, escaping).</summary>
    public static IReadOnlyList<string> SplitEscaped(string text, char separator)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                part.Append(text[i]).Append(text[++i]);
            }
            else if (text[i] == separator)
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(text[i]);
            }
        }

        parts.Add(part.ToString());
        return parts;
    }
}
