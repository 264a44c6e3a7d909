namespace GroupExport.Http;

/// <summary>Scheme, host and port of a URL: what decides where a token may go (RFC 6454).</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    private const int PlainPort = 80;

    public static Origin Of(Uri uri) => new(uri.Scheme, uri.IdnHost, uri.Port);

    /// <summary>Says whether a URL may be asked at all: https anywhere, plain http on loopback only.</summary>
    public static bool IsSafe(Uri uri) =>
        uri.IsAbsoluteUri && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    /// <summary>
    /// The URL as it was meant when it is plain http on this very host, which is https: a server behind a TLS proxy often does not know
    /// that it is asked over https. Null when it is not such a URL.
    /// </summary>
    public ServerUrl? Meant(ServerUrl url) =>
        Scheme == Uri.UriSchemeHttps
        && url.IsHttp
        && Of(url.Uri) is { Scheme: "http" } plain
        && plain.Host == Host
        && (plain.Port == PlainPort || plain.Port == Port)
            ? url.OverTls(Port)
            : null;

    public override string ToString() => $"{Scheme}://{Host}:{Port}";
}
