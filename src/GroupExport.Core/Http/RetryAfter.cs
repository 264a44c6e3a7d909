using System.Globalization;
using System.Net.Http.Headers;

namespace GroupExport.Http;

/// <summary>The <c>Retry-After</c> header: seconds or an HTTP-date (RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>The wait that the server asks for; null when it asks for none or for nonsense. A date in the past is no wait.</summary>
    /// <param name="headers">The headers of the answer.</param>
    /// <param name="now">The present, against which a date is counted.</param>
    /// <param name="limit">What is longer is taken for nonsense, such as the epoch numbers that some servers send.</param>
    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now, TimeSpan limit)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values))
        {
            return null;
        }

        TimeSpan? wait = Parse(values.First().Trim(), now);
        return wait > limit ? null : wait;
    }

    private static TimeSpan? Parse(string text, DateTimeOffset now)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            return seconds <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date))
        {
            return date > now ? date - now : TimeSpan.Zero;
        }

        return null;
    }
}
