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

    private static TimeSpan? Read(string? header)
    {
        using HttpResponseMessage response = new();
        if (header is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", header);
        }

        return RetryAfter.Read(response.Headers, s_now, TimeSpan.FromDays(1));
    }
}
