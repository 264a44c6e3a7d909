using System.Net;
using GroupExport.Http;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Http;

/// <summary>Bodies of which a byte comes now and then.</summary>
public sealed class TrickleTests
{
    private const int Bytes = 10;

    [Fact]
    public async Task An_export_file_may_take_its_time() => Assert.Equal(Bytes, await ReadAsync(HttpStatusCode.OK, isFile: true));

    [Theory]
    [InlineData(HttpStatusCode.OK, false)]
    [InlineData(HttpStatusCode.Accepted, false)]
    [InlineData(HttpStatusCode.Forbidden, false)]
    [InlineData(HttpStatusCode.Forbidden, true)]
    [InlineData(HttpStatusCode.ServiceUnavailable, true)]
    public async Task Every_other_body_has_the_request_timeout(HttpStatusCode status, bool isFile)
    {
        TimeoutException fault = await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync(status, isFile));

        Assert.Equal("the answer was not whole within 100 s", fault.Message);
    }

    /// <summary>Reads a byte every 50 seconds, where a body may stall for 60 and a request take 100.</summary>
    private static async Task<int> ReadAsync(HttpStatusCode status, bool isFile)
    {
        FakeTimeProvider clock = new();
        using HttpMessageInvoker invoker = new(new TimeLimitHandler(new Trickle(status), TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(60), clock));
        using HttpResponseMessage response = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "https://a.example/").StreamingFile(isFile), CancellationToken.None);
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
