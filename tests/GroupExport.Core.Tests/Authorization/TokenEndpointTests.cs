using System.Globalization;
using System.Net;
using System.Text;
using GroupExport.Authorization;
using GroupExport.Http;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

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

    [Theory]
    [InlineData(-2)]
    [InlineData(5)]
    public async Task A_date_to_wait_for_counts_from_the_date_of_the_answer(int hoursAhead)
    {
        WaitlessClock clock = new();
        int asked = 0;
        using HttpClient http = new(new Script(() =>
        {
            if (++asked > 1)
            {
                return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"access_token":"t0ken"}""", Encoding.UTF8, "application/json") };
            }

            DateTimeOffset date = clock.GetUtcNow().AddHours(hoursAhead);
            HttpResponseMessage later = new(HttpStatusCode.ServiceUnavailable) { Headers = { Date = date } };
            later.Headers.TryAddWithoutValidation("Retry-After", date.AddSeconds(90).ToString("R", CultureInfo.InvariantCulture));
            return later;
        }));
        Uri tokenUri = new("https://auth.example.org/token");
        TokenEndpoint endpoint = new(http, new TokenSettings(new ClientSecret("id", "secret"), tokenUri, tokenUri, Scope: null), TransientRetry.Default, clock, text => text, _ => { });

        Assert.Equal("t0ken", (await endpoint.RequestAsync(CancellationToken.None)).Value);
        Assert.Equal(90, clock.Seconds, 0.1);
    }

    private sealed class Script(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
