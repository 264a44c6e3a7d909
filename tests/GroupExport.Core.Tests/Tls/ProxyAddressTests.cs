using GroupExport.Http;

namespace GroupExport.Tests.Tls;

/// <summary>The address of a proxy is checked before anything is sent.</summary>
public sealed class ProxyAddressTests
{
    [Theory]
    [InlineData("http://proxy.example.test:8080")]
    [InlineData("https://proxy.example.test")]
    [InlineData("socks5://127.0.0.1:1080")]
    public void A_URL_of_a_proxy_is_taken_as_it_is(string proxy) =>
        Assert.Equal(proxy, TransportSettings.CheckedProxy(new Uri(proxy)).OriginalString);

    [Theory]
    [InlineData("proxy.example.test:8080")]
    [InlineData("proxy")]
    [InlineData("/proxy")]
    [InlineData("ftp://proxy.example.test")]
    public void A_name_without_a_scheme_or_with_another_is_refused(string proxy)
    {
        ExportException failure = Assert.Throws<ExportException>(() => TransportSettings.CheckedProxy(new Uri(proxy, UriKind.RelativeOrAbsolute)));

        Assert.Equal(ExportErrorKind.InvalidParameter, failure.Kind);
        Assert.Contains("http://proxy.example.org:8080", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_credential_in_it_is_refused_without_being_shown()
    {
        ExportException failure = Assert.Throws<ExportException>(() => TransportSettings.CheckedProxy(new Uri("http://clerk:p4ss@proxy.example.test:8080")));

        Assert.Contains("-ProxyCredential", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p4ss", failure.Message + failure.Subject, StringComparison.Ordinal);
    }
}
