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
}
