namespace GroupExport.Http;

/// <summary>
/// A URL that is its own credential: its query holds a signature, as storage services make it. Such services take no token beside it; Amazon S3
/// answers one with 400, "Only one auth mechanism allowed".
/// </summary>
internal static class SignedUri
{
    /// <summary>Amazon S3 and Google Cloud Storage (version 4), both before it and CloudFront, and Azure Storage (shared access signature).</summary>
    private static readonly string[] s_parameters = ["X-Amz-Signature", "X-Goog-Signature", "Signature", "sig"];

    public static bool Is(Uri uri) => uri.Query.TrimStart('?').Split('&').Any(pair =>
        pair.IndexOf('=') is var equals and > 0
        && equals < pair.Length - 1
        && s_parameters.Contains(pair[..equals], StringComparer.OrdinalIgnoreCase));
}
