using System.Net;
using System.Security.Authentication;

namespace GroupExport.Http;

/// <summary>Makes the handlers that open connections.</summary>
internal static class Transport
{
    /// <summary>The maximum size of the headers of an answer, in units of 1,024 bytes.</summary>
    public const int MaxHeaderKilobytes = 64;

    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>A handler that follows no redirect, decodes nothing and keeps no cookie.</summary>
    public static SocketsHttpHandler Open(TransportSettings settings, bool withClientCertificate)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,

            // A truncated gzip body decodes without an error; whoever reads a body decodes and checks it.
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = settings.ConnectTimeout,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionLifetime = s_connectionLifetime,

            // TrustHandler decides who gets a cookie; a container here would send them to anyone, and by Domain.
            UseCookies = false,
            SslOptions =
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = new ServerCertificates(settings.Authorities).Accept,
            },
        };
        if (settings.Proxy is not null)
        {
            handler.Proxy = new WebProxy(settings.Proxy) { Credentials = settings.ProxyCredential };
        }

        if (withClientCertificate && settings.ClientCertificate is { } own)
        {
            handler.SslOptions.ClientCertificates = [own];
        }

        return handler;
    }
}
