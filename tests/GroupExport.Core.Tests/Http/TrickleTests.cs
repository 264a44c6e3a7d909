using System.Net;
using GroupExport.Http;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Http;

/// <summary>Bodies of which a byte comes now and then.</summary>
public sealed class TrickleTests
{
    private const int Bytes = 10;

    [Fact]
    public async Task What_was_asked_for_may_take_its_time() => Assert.Equal(Bytes, await ReadAsync(HttpStatusCode.OK));

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task The_words_of_a_refusal_may_not(HttpStatusCode status)
    {
        TimeoutException fault = await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync(status));

        Assert.Equal("the answer was not whole within 100 s", fault.Message);
    }

    /// <summary>Reads a byte every 50 seconds, where a body may stall for 60 and a request take 100.</summary>
    private static async Task<int> ReadAsync(HttpStatusCode status)
    {
        FakeTimeProvider clock = new();
        using HttpMessageInvoker invoker = new(new TimeLimitHandler(new Trickle(status), TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(60), clock));
        using HttpResponseMessage response = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "https://a.example/"), CancellationToken.None);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[1];
        int read = 0;
        while (await body.ReadAsync(buffer) > 0)
        {
            read++;
            clock.Advance(TimeSpan.FromSeconds(50));
        }

        return read;
    }

    private sealed class Trickle(HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StreamContent(new MemoryStream(new byte[Bytes])) });
    }
}
