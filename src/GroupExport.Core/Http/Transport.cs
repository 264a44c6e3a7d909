using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace GroupExport.Http;

/// <summary>Makes the handlers that open connections.</summary>
internal static class Transport
{
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>A handler that follows no redirect, decodes nothing and keeps no cookie.</summary>
    public static SocketsHttpHandler Open(TransportSettings settings, bool withClientCertificate)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,

            // A truncated gzip body decodes without an error; whoever reads a body decodes and checks it.
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = s_connectTimeout,
            PooledConnectionLifetime = s_connectionLifetime,
            UseCookies = false,
            SslOptions = { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
        };
        if (settings.Proxy is not null)
        {
            handler.Proxy = new WebProxy(settings.Proxy) { Credentials = settings.ProxyCredential };
        }

        if (settings.Authorities.Count > 0)
        {
            X509Certificate2[] authorities = [.. settings.Authorities];
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(authorities, certificate, chain, errors);
        }

        if (withClientCertificate && settings.ClientCertificate is { } own)
        {
            handler.SslOptions.ClientCertificates = [own];
        }

        return handler;
    }

    /// <summary>A name that does not match stays an error, whoever signed it.</summary>
    private static bool IsTrusted(X509Certificate2[] authorities, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
        {
            return false;
        }

        using X509Chain own = new();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);

        // A private authority seldom runs a revocation service.
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (X509ChainElement element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        using X509Certificate2 leaf = new(certificate);
        return own.Build(leaf);
    }
}
