namespace GroupExport.Http;

/// <summary>Scheme, host and port of a URL: what decides where a token may go (RFC 6454).</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    public static Origin Of(Uri uri) => new(uri.Scheme, uri.IdnHost, uri.Port);

    /// <summary>Says whether a URL may be asked at all: https anywhere, plain http on loopback only.</summary>
    public static bool IsSafe(Uri uri) =>
        uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    public override string ToString() => $"{Scheme}://{Host}:{Port}";
}
