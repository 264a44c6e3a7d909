using GroupExport.Fhir;

namespace GroupExport.Http;

/// <summary>A URL as it may be shown: without user info, query and fragment, which can be signatures or filters.</summary>
internal static class ShownUri
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
}
