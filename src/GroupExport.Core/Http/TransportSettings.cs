using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace GroupExport.Http;

/// <summary>How connections are made, alike for token, metadata, kick-off, status and file requests.</summary>
internal sealed record TransportSettings
{
    /// <summary>A proxy; null means what the environment says.</summary>
    public Uri? Proxy { get; init; }

    public NetworkCredential? ProxyCredential { get; init; }

    /// <summary>Certificate authorities that are trusted beside the system's.</summary>
    public IReadOnlyList<X509Certificate2> Authorities { get; init; } = [];

    /// <summary>The certificate that trusted origins, and no others, are shown (mutual TLS).</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The time for making a connection, proxy and TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks the address of a proxy now, because a scheme that is not known is found only by the first request.</summary>
    /// <exception cref="ExportException">It is relative, of another scheme, or holds a credential.</exception>
    public static Uri CheckedProxy(Uri proxy)
    {
        if (!proxy.IsAbsoluteUri || proxy.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5") || proxy.Host.Length == 0)
        {
            throw Invalid("-Proxy is no URL of a proxy. Write it with its scheme, such as http://proxy.example.org:8080.");
        }

        return proxy.UserInfo.Length == 0 ? proxy : throw Invalid("-Proxy holds a user name. Give the credential with -ProxyCredential, which is not shown anywhere.");
    }

    private static ExportException Invalid(string message) => new(ExportErrorKind.InvalidParameter, message) { Subject = nameof(Proxy) };
}
