using System.Text.RegularExpressions;
using GroupExport.Fhir;

namespace GroupExport.Http;

/// <summary>A URL as it may be shown: without user info, query and fragment, which can be signatures or filters.</summary>
internal static partial class ShownUri
{
    /// <summary>Applies to texts that are not URLs; those are cut off.</summary>
    private const int MaxCharacters = 200;

    public static string Of(Uri uri)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("https" or "http"))
        {
            return WithoutQuery(uri.OriginalString);
        }

        string path = uri.AbsolutePath;
        string shown = PatientReference.Mask(path);
        if (shown == path && Uri.UnescapeDataString(path) is var plain && PatientReference.Mask(plain) != plain)
        {
            // The mask does not know percent-encoded letters, so that nothing of such a path can be shown.
            shown = "/…";
        }

        return $"{uri.Scheme}://{uri.Authority}{shown}{(uri.Query.Length > 1 ? "?…" : "")}";
    }

    /// <summary>The same for a text that should be a URL, absolute or not, whatever it is.</summary>
    public static string OfText(string text) => ServerUrl.Of(text) is { IsHttp: true } url ? Of(url.Uri) : WithoutQuery(text);

    private static string WithoutQuery(string text)
    {
        // A URL whose scheme was forgotten reads "user:password@host".
        string path = text.Split('?', '#')[0];
        path = path[(path.LastIndexOf('@') + 1)..];
        string shown = PatientReference.Mask(Unprintable().Replace(path, "\uFFFD"));
        return shown.Length <= MaxCharacters ? shown : shown[..MaxCharacters] + "…";
    }

    /// <summary>The same for all URLs that stand in a text; the text itself stays.</summary>
    public static string InText(string text) => UrlInText().Replace(text, static found => Bare(found.Value));

    private static string Bare(string url)
    {
        int host = url.IndexOf("://", StringComparison.Ordinal) + 3;
        int query = url.IndexOfAny(['?', '#']);
        string tail = query < 0 ? "" : query + 1 < url.Length ? "?…" : url[query..];
        string place = query < 0 ? url : url[..query];
        int path = place.IndexOf('/', host);
        int user = place.LastIndexOf('@', (path < 0 ? place.Length : path) - 1);
        return (user < host ? place : place[..host] + place[(user + 1)..]) + tail;
    }

    [GeneratedRegex("""https?://[^\s"'<>]+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UrlInText();

    /// <summary>Control, format and separator characters: terminals obey them, or they change the order of what is read.</summary>
    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]")]
    private static partial Regex Unprintable();
}
