using System.Security.Authentication;
using GroupExport.Http;

namespace GroupExport.Tests.Tls;

/// <summary>Which versions of TLS are spoken (Bulk Data Access, security: 1.2 or later). The handler is looked at, not a server of an older one.</summary>
public sealed class ProtocolTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_older_than_TLS_1_2_is_offered(bool withClientCertificate)
    {
        using MadeAuthority authority = new();
        using System.Security.Cryptography.X509Certificates.X509Certificate2 own = authority.ForClient();

        using SocketsHttpHandler handler = Transport.Open(new TransportSettings { ClientCertificate = own }, withClientCertificate);

        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, handler.SslOptions.EnabledSslProtocols);
    }
}
