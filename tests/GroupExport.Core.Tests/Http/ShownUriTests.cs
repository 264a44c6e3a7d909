using GroupExport.Http;

namespace GroupExport.Tests.Http;

public sealed class ShownUriTests
{
    [Theory]
    [InlineData("https://x.example/a/b?sig=secret", "https://x.example/a/b?…")]
    [InlineData("https://x.example/a", "https://x.example/a")]
    [InlineData("https://x.example:8443/a#secret", "https://x.example:8443/a")]
    [InlineData("https://user:secret@x.example/a", "https://x.example/a")]
    [InlineData("https://x.example/r4/Patient/secret/$x", "https://x.example/r4/Patient/…/$x")]
    [InlineData("a/b?sig=secret#secret", "a/b")]
    public void Neither_query_nor_fragment_nor_user_nor_patient_is_shown(string uri, string expected) =>
        Assert.Equal(expected, ShownUri.Of(new Uri(uri, UriKind.RelativeOrAbsolute)));

    [Theory]
    [InlineData("https://x.example/", true)]
    [InlineData("http://localhost/", true)]
    [InlineData("http://127.0.0.1:8080/", true)]
    [InlineData("http://[::1]/", true)]
    [InlineData("http://x.example/", false)]
    [InlineData("http://localhost.x.example/", false)]
    [InlineData("ftp://localhost/", false)]
    [InlineData("file:///tmp", false)]
    public void Plain_http_is_for_loopback_only(string uri, bool safe) => Assert.Equal(safe, Origin.IsSafe(new Uri(uri)));

    [Theory]
    [InlineData("https://x.example/a", "https://X.EXAMPLE:443/b?c", true)]
    [InlineData("https://x.example/", "http://x.example/", false)]
    [InlineData("https://x.example/", "https://x.example:8443/", false)]
    [InlineData("https://x.example/", "https://sub.x.example/", false)]
    [InlineData("https://x.example/", "https://x.example@evil.example/", false)]
    [InlineData("https://b\u00fccher.example/", "https://xn--bcher-kva.example/", true)]
    public void An_origin_is_scheme_host_and_port(string left, string right, bool same) => Assert.Equal(same, Origin.Of(new Uri(left)) == Origin.Of(new Uri(right)));
}
