using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace GroupExport.Http;

/// <summary>
/// Represents the time that a server asks a client to wait: <c>Retry-After</c> in seconds or as an HTTP-date (RFC 9110, 10.2.3) or, in an answer
/// that turns the client away, when its quota is renewed (<c>RateLimit</c>, <c>RateLimit-Reset</c>, <c>X-RateLimit-Reset</c>).
/// </summary>
internal static class RetryAfter
{
    /// <summary>Larger numbers in <c>X-RateLimit-Reset</c> are Unix times: as seconds they would be 30 years.</summary>
    private const double FirstUnixTime = 1e9;

    /// <summary>Still larger numbers are Unix times in milliseconds.</summary>
    private const double FirstUnixMilliseconds = 1e11;

    /// <summary>Returns the wait that the server asks for; null if it asks for none, or for one that is invalid or too long. A date in the past is no time.</summary>
    /// <param name="response">The answer. Dates in it count from its own <c>Date</c>: one of the two clocks may be wrong.</param>
    /// <param name="now">The present, from which a date counts in an answer without <c>Date</c>.</param>
    /// <param name="limit">The longest wait that is honored; some servers send Unix times as seconds.</param>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now, TimeSpan limit)
    {
        HttpResponseHeaders headers = response.Headers;
        DateTimeOffset present = Date(Value(headers, "Date")) ?? now;
        if (Value(headers, "Retry-After") is { } text && Parse(text, present) is { } wait && wait <= limit)
        {
            return wait;
        }

        return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && QuotaRenewal(headers, present) is { } renewal && renewal > TimeSpan.Zero && renewal <= limit
            ? renewal
            : null;
    }

    private static TimeSpan? Parse(string text, DateTimeOffset now)
    {
        if (Seconds(text) is { } seconds)
        {
            return ToTime(seconds);
        }

        return Date(text) is { } date ? date > now ? date - now : TimeSpan.Zero : null;
    }

    private static TimeSpan? QuotaRenewal(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if ((Draft(Value(headers, "RateLimit")) ?? Seconds(Value(headers, "RateLimit-Reset"))) is { } seconds)
        {
            return ToTime(seconds);
        }

        return Seconds(Value(headers, "X-RateLimit-Reset")) switch
        {
            null => null,
            < FirstUnixTime and { } wait => ToTime(wait),
            < FirstUnixMilliseconds and { } time => ToTime(time - (now.ToUnixTimeMilliseconds() / 1000.0)),
            { } time => ToTime((time - now.ToUnixTimeMilliseconds()) / 1000),
        };
    }

    /// <summary>The longest wait of the policies whose quota is used up: <c>"default";r=0;t=30</c>, or <c>remaining=0, reset=30</c> in older drafts.</summary>
    private static double? Draft(string? text)
    {
        if (text is null)
        {
            return null;
        }

        IEnumerable<double> waits = text.Contains(';', StringComparison.Ordinal)
            ? text.Split(',').Select(policy => policy.Split(';')).Where(policy => Parameter(policy, "r") is null or 0).Select(policy => Parameter(policy, "t")).OfType<double>()
            : new[] { Parameter(text.Split(','), "reset") }.OfType<double>();
        return waits.Cast<double?>().Max();
    }

    private static double? Parameter(IEnumerable<string> parameters, string name) => parameters
        .Select(parameter => parameter.Split('='))
        .Where(pair => pair.Length == 2 && pair[0].Trim() == name)
        .Select(pair => Seconds(pair[1].Trim()))
        .FirstOrDefault();

    private static double? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && double.IsFinite(seconds) ? seconds : null;

    private static TimeSpan ToTime(double seconds) => seconds switch
    {
        <= 0 => TimeSpan.Zero,
        _ when seconds > TimeSpan.MaxValue.TotalSeconds / 2 => TimeSpan.MaxValue,
        _ => TimeSpan.FromSeconds(seconds),
    };

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;

    private static string? Value(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) && values.Count > 0 ? values.First().Trim() : null;
}
