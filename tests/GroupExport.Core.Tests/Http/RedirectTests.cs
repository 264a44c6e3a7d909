using System.Net;
using GroupExport.Http;

namespace GroupExport.Tests.Http;

/// <summary>Where a redirect may lead, on a handler without a network.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData("https://a.example/1", "http://a.example/2")]
    [InlineData("https://a.example/1", "http://127.0.0.1/2")]
    [InlineData("http://127.0.0.1/1", "http://a.example/2")]
    [InlineData("https://a.example/1", "ftp://a.example/2")]
    [InlineData("https://a.example/1", "file:///etc/passwd")]
    [InlineData("https://a.example/1", "//")]
    [InlineData("https://a.example/1", "//b.example:99999/")]
    [InlineData("https://a.example/1", "//[::1/2")]
    public async Task A_step_down_from_https_is_refused_and_never_sent(string from, string to)
    {
        Hops hops = new() { [from] = to };

        ExportException refusal = await Assert.ThrowsAsync<ExportException>(() => SendAsync(hops, from));

        Assert.Equal(ExportErrorKind.UnsafeRedirect, refusal.Kind);
        Assert.Equal([from], hops.Asked);
    }

    [Theory]
    [InlineData("https://a.example/1", "https://b.example/2", "https://b.example/2")]
    [InlineData("http://127.0.0.1/1", "https://b.example/2", "https://b.example/2")]
    [InlineData("http://127.0.0.1/1", "http://localhost/2", "http://localhost/2")]
    [InlineData("https://a.example/x/1", "2?y=1", "https://a.example/x/2?y=1")]
    [InlineData("https://a.example/x/1", "/2", "https://a.example/2")]
    public async Task Another_step_is_taken(string from, string to, string expected)
    {
        Hops hops = new() { [from] = to };

        using HttpResponseMessage response = await SendAsync(hops, from);

        Assert.Equal([from, expected], hops.Asked);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_circle_has_an_end()
    {
        Hops hops = new() { ["https://a.example/1"] = "https://a.example/1?sig=secret", ["https://a.example/1?sig=secret"] = "https://a.example/1" };

        ExportException refusal = await Assert.ThrowsAsync<ExportException>(() => SendAsync(hops, "https://a.example/1"));

        Assert.Equal(ExportErrorKind.UnsafeRedirect, refusal.Kind);
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(11, hops.Asked.Count);
    }

    [Fact]
    public async Task A_request_that_says_nothing_follows_none()
    {
        Hops hops = new() { ["https://a.example/1"] = "https://a.example/2" };
        using HttpMessageInvoker invoker = new(new RedirectHandler(hops));

        using HttpResponseMessage response = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "https://a.example/1"), CancellationToken.None);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Single(hops.Asked);
    }

    private static async Task<HttpResponseMessage> SendAsync(Hops hops, string from)
    {
        using HttpMessageInvoker invoker = new(new RedirectHandler(hops));
        return await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, from).FollowingRedirects(), CancellationToken.None);
    }

    /// <summary>Redirects from here to there; everything else is found.</summary>
    private sealed class Hops : HttpMessageHandler
    {
        private readonly Dictionary<string, string> _hops = [];

        public List<string> Asked { get; } = [];

        public string this[string from]
        {
            set => _hops[from] = value;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.AbsoluteUri);
            if (!_hops.TryGetValue(request.RequestUri.AbsoluteUri, out string? to))
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
            }

            HttpResponseMessage response = new(HttpStatusCode.Found);
            response.Headers.TryAddWithoutValidation("Location", to);
            return Task.FromResult(response);
        }
    }
}
