using GroupExport.Fhir;

namespace GroupExport.Http;

/// <summary>A URL as it may be shown: without user info, query and fragment, which can be signatures or filters.</summary>
internal static class ShownUri
{
    public static string Of(Uri uri)
    {
        if (!uri.IsAbsoluteUri)
        {
            return PatientReference.Mask(uri.OriginalString.Split('?', '#')[0]);
        }

        string shown = PatientReference.Mask(uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
        return uri.Query.Length > 1 ? shown + "?…" : shown;
    }
}
