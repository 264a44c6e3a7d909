using System.Net;
using GroupExport.Http;

namespace GroupExport.Tests.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("120", 120)]
    [InlineData(" 120 ", 120)]
    [InlineData("1.5", 1.5)]
    [InlineData("86400", 86400)]
    [InlineData("Mon, 23 Nov 2026 04:10:00 GMT", 600)]
    [InlineData("Monday, 23-Nov-26 04:10:00 GMT", 600)]
    [InlineData("Mon, 23 Nov 2026 03:00:00 GMT", 0)]
    public void A_wait_is_read(string header, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Read(header));

    [Theory]
    [InlineData("86401")]
    [InlineData("1795406706")]
    [InlineData("1795406706000")]
    [InlineData("99999999999999999999999999")]
    [InlineData("Tue, 24 Nov 2026 04:00:01 GMT")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-5")]
    [InlineData("1e3")]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData(null)]
    public void Nonsense_is_no_wait(string? header) => Assert.Null(Read(header));

    [Theory]
    [InlineData("Mon, 23 Nov 2026 03:00:00 GMT", "Mon, 23 Nov 2026 03:00:03 GMT", 3)]
    [InlineData("Mon, 23 Nov 2026 05:00:00 GMT", "Mon, 23 Nov 2026 05:00:03 GMT", 3)]
    [InlineData("Mon, 23 Nov 2026 05:00:00 GMT", "Mon, 23 Nov 2026 04:59:59 GMT", 0)]
    [InlineData("yesterday", "Mon, 23 Nov 2026 04:00:03 GMT", 3)]
    [InlineData("Mon, 23 Nov 2026 05:00:00 GMT", "120", 120)]
    public void A_date_counts_from_the_date_of_the_answer(string date, string retryAfter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(200, ("Date", date), ("Retry-After", retryAfter)));

    [Theory]
    [InlineData("RateLimit", "\"default\";r=0;t=30", 30)]
    [InlineData("RateLimit", "\"burst\";r=0;t=5, \"daily\";r=900;t=40000", 5)]
    [InlineData("RateLimit", "\"burst\";r=0;t=5, \"daily\";r=0;t=400", 400)]
    [InlineData("RateLimit", "limit=100, remaining=0, reset=50", 50)]
    [InlineData("RateLimit-Reset", "17", 17)]
    [InlineData("X-RateLimit-Reset", "60", 60)]
    [InlineData("X-RateLimit-Reset", "1795406460", 60)]
    [InlineData("X-RateLimit-Reset", "1795406460.5", 60.5)]
    [InlineData("X-RateLimit-Reset", "1795406460000", 60)]
    public void The_renewal_of_a_quota_is_a_wait_when_the_client_is_turned_away(string header, string value, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(429, (header, value)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(503, (header, value)));
        Assert.Equal(TimeSpan.FromSeconds(9), Read(429, (header, value), ("Retry-After", "9")));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Read(429, (header, value), ("Retry-After", "soon")));
        Assert.Null(Read(202, (header, value)));
    }

    [Theory]
    [InlineData("RateLimit", "\"default\";r=0;t=90000")]
    [InlineData("RateLimit", "\"default\";r=5;t=30")]
    [InlineData("RateLimit", ";;;=,=")]
    [InlineData("RateLimit-Reset", "0")]
    [InlineData("X-RateLimit-Reset", "1795406399")]
    [InlineData("X-RateLimit-Reset", "1895406400")]
    [InlineData("X-RateLimit-Reset", "999999999999999999999999")]
    [InlineData("X-RateLimit-Reset", "NaN")]
    [InlineData("X-RateLimit-Reset", "")]
    public void A_quota_that_is_renewed_in_the_past_or_too_late_is_no_wait(string header, string value) => Assert.Null(Read(429, (header, value)));

    private static TimeSpan? Read(string? header) => header is null ? Read(200) : Read(200, ("Retry-After", header));

    private static TimeSpan? Read(int status, params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = new((HttpStatusCode)status);
        foreach ((string name, string value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return RetryAfter.Read(response, s_now, TimeSpan.FromDays(1));
    }
}
