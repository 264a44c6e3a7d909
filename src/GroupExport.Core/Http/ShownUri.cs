using System.Text.RegularExpressions;
using GroupExport.Fhir;

namespace GroupExport.Http;

/// <summary>A URL as it may be shown: without user info, query and fragment, which can be signatures or filters.</summary>
internal static partial class ShownUri
{
    public static string Of(Uri uri)
    {
        if (!uri.IsAbsoluteUri || uri.Scheme is not ("https" or "http"))
        {
            // A URL whose scheme was forgotten reads "user:password@host".
            string path = uri.OriginalString.Split('?', '#')[0];
            return PatientReference.Mask(path[(path.LastIndexOf('@') + 1)..]);
        }

        string shown = PatientReference.Mask(uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
        return uri.Query.Length > 1 ? shown + "?…" : shown;
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
}
