using System.Net;
using System.Text;
using GroupExport.Authorization;
using GroupExport.Tests.Jobs;

namespace GroupExport.Tests.Authorization;

/// <summary>How patient a client is with a token endpoint that refuses connections.</summary>
public sealed class TokenEndpointTests
{
    [Fact]
    public async Task An_address_that_never_answered_fails_at_once_and_one_that_did_is_asked_again()
    {
        bool open = false;
        int asked = 0;
        using HttpClient http = new(new Script(() =>
        {
            asked++;
            return open ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"access_token":"t0ken"}""", Encoding.UTF8, "application/json") }
                : throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
        }));
        Uri tokenUri = new("https://auth.example.org/token");
        TokenEndpoint endpoint = new(http, new TokenSettings(new ClientSecret("id", "secret"), tokenUri, tokenUri, Scope: null), Exports.Impatient, TimeProvider.System, text => text, _ => { });

        Assert.Equal(ExportErrorKind.TokenEndpointUnreachable, (await Assert.ThrowsAsync<ExportException>(() => endpoint.RequestAsync(CancellationToken.None))).Kind);
        Assert.Equal(1, asked);

        open = true;
        Assert.Equal("t0ken", (await endpoint.RequestAsync(CancellationToken.None)).Value);

        (open, asked) = (false, 0);
        Assert.Equal(ExportErrorKind.TokenEndpointUnreachable, (await Assert.ThrowsAsync<ExportException>(() => endpoint.RequestAsync(CancellationToken.None))).Kind);
        Assert.Equal(Exports.Impatient.Attempts, asked);
    }

    private sealed class Script(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
