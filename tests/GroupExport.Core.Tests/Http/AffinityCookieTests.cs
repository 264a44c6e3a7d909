using GroupExport.Http;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Http;

/// <summary>Which cookies are kept, and with which requests they go.</summary>
public sealed class AffinityCookieTests
{
    private static readonly Uri s_status = new("https://fhir.example.org/r4/jobs/1");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 4, 0, 0, TimeSpan.Zero));
    private readonly AffinityCookies _cookies;

    public AffinityCookieTests() => _cookies = new AffinityCookies(_clock);

    [Theory]
    [InlineData("a=1; Path=/", "https://fhir.example.org/other", "a=1")]
    [InlineData("a=1; Path=/; HttpOnly; SameSite=Lax", "https://fhir.example.org/r4/jobs/2", "a=1")]
    [InlineData("a=1", "https://fhir.example.org/r4/jobs/2", "a=1")]
    [InlineData("a=1", "https://fhir.example.org/r4/jobsite", null)]
    [InlineData("a=1", "https://fhir.example.org/r4", null)]
    [InlineData("a=1; Path=/r4/", "https://fhir.example.org/r4/files/1", "a=1")]
    [InlineData("a=1; Path=r4", "https://fhir.example.org/r4/jobs/2", "a=1")]
    [InlineData("a=\"x y\"; path=/", "https://fhir.example.org/", "a=\"x y\"")]
    [InlineData("a=b=c; path=/", "https://fhir.example.org/", "a=b=c")]
    [InlineData("a=; path=/", "https://fhir.example.org/", "a=")]
    [InlineData("a=1; Path=/; Secure", "https://fhir.example.org/r4", "a=1")]
    [InlineData("=1; Path=/", "https://fhir.example.org/", null)]
    [InlineData("1; Path=/", "https://fhir.example.org/", null)]
    [InlineData("", "https://fhir.example.org/", null)]
    [InlineData("a=1; Path=/; Max-Age=0", "https://fhir.example.org/", null)]
    [InlineData("a=1; Path=/; Max-Age=-5", "https://fhir.example.org/", null)]
    [InlineData("a=1; Path=/; Max-Age=99999999999999", "https://fhir.example.org/", "a=1")]
    [InlineData("a=1; Path=/; Max-Age=soon", "https://fhir.example.org/", "a=1")]
    [InlineData("a=1; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT", "https://fhir.example.org/", null)]
    [InlineData("a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "https://fhir.example.org/", "a=1")]
    [InlineData("a=1; Path=/; Domain=example.org", "https://www.example.org/", null)]
    [InlineData("a=1; Path=/; Domain=elsewhere.example", "https://fhir.example.org/", "a=1")]
    [InlineData("a=1; Path=/", "https://fhir.example.org:8443/", null)]
    [InlineData("a=1; Path=/", "http://fhir.example.org/", null)]
    public void A_cookie_goes_back_to_its_origin_and_path(string setCookie, string to, string? sent)
    {
        Keep(setCookie);

        Assert.Equal(sent, SentTo(to));
    }

    [Fact]
    public void A_secure_cookie_does_not_go_over_plain_http()
    {
        Keep("a=1; Path=/; Secure", new Uri("http://127.0.0.1:8080/status"));

        Assert.Null(SentTo("http://127.0.0.1:8080/status"));
    }

    [Theory]
    [InlineData("a=1; Path=/; Max-Age=60", null)]
    [InlineData("a=1; Path=/; Expires=Mon, 23 Nov 2026 04:01:00 GMT", null)]
    [InlineData("a=1; Path=/; Expires=Mon, 23 Nov 2026 03:01:00 GMT", "Mon, 23 Nov 2026 03:00:00 GMT")]
    [InlineData("a=1; Path=/; Expires=Mon, 23 Nov 2026 06:01:00 GMT", "Mon, 23 Nov 2026 06:00:00 GMT")]
    public void A_cookie_ends_with_its_time_by_the_clock_of_the_server(string setCookie, string? date)
    {
        Keep(setCookie, date: date);

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("a=1", SentTo(s_status.AbsoluteUri));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(SentTo(s_status.AbsoluteUri));
    }

    [Fact]
    public void The_newest_value_of_a_name_counts_and_longer_paths_come_first()
    {
        Keep("a=1; Path=/");
        Keep("a=2; Path=/");
        Keep("b=3; Path=/r4/jobs");
        Keep("c=4; Path=/");
        Keep("c=; Path=/; Max-Age=0");

        Assert.Equal("b=3; a=2", SentTo(s_status.AbsoluteUri));
    }

    [Fact]
    public void Of_too_many_cookies_the_oldest_are_dropped()
    {
        for (int i = 1; i <= 30; i++)
        {
            Keep($"c{i}=x; Path=/");
        }

        Assert.Equal(Enumerable.Range(11, 20).Select(i => $"c{i}=x"), SentTo(s_status.AbsoluteUri)!.Split("; "));
    }

    [Fact]
    public void Of_too_large_cookies_the_oldest_are_dropped()
    {
        Keep($"a={new string('x', 3000)}; Path=/");
        Keep($"b={new string('x', 3000)}; Path=/");
        Keep($"c={new string('x', 5000)}; Path=/");

        Assert.StartsWith("b=xxx", SentTo(s_status.AbsoluteUri), StringComparison.Ordinal);
        Assert.Equal(3002, SentTo(s_status.AbsoluteUri)!.Length);
    }

    private void Keep(string setCookie, Uri? from = null, string? date = null)
    {
        using HttpResponseMessage response = new();
        response.Headers.TryAddWithoutValidation("Set-Cookie", setCookie);
        if (date is not null)
        {
            response.Headers.TryAddWithoutValidation("Date", date);
        }

        _cookies.Keep(from ?? s_status, response);
    }

    private string? SentTo(string url)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        _cookies.AddTo(request);
        return request.Headers.NonValidated.TryGetValues("Cookie", out var values) ? values.ToString() : null;
    }
}
