using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GroupExport.Sandbox.Selection;

/// <summary>The stretch of time that a FHIR date, dateTime, instant or Period stands for, in UTC ticks.</summary>
/// <param name="Low">First tick.</param>
/// <param name="High">First tick after it.</param>
internal readonly partial record struct DateRange(long Low, long High)
{
    public bool Contains(DateRange other) => Low <= other.Low && other.High <= High;

    /// <summary>A date of any precision; without a time zone it is read as UTC.</summary>
    public static DateRange? Parse(string? text)
    {
        if (text is null || Pattern().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var fraction = match.Groups["fraction"].Value is { Length: > 8 } longer ? longer[..8] : match.Groups["fraction"].Value;
        var padded = $"{match.Groups["year"].Value}-{Part(match, "month", "01")}-{Part(match, "day", "01")}"
            + $"T{Part(match, "minute", "00:00")}:{Part(match, "second", "00")}{fraction}{Part(match, "zone", "Z")}";
        if (!DateTimeOffset.TryParse(padded, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var low))
        {
            return null;
        }

        try
        {
            return new DateRange(low.UtcTicks, End(match, low, fraction.Length - 1).UtcTicks);
        }
        catch (ArgumentOutOfRangeException)
        {
            return new DateRange(low.UtcTicks, long.MaxValue);
        }
    }

    /// <summary>The range of an element's value; an open end of a Period is open.</summary>
    public static DateRange? Parse(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return Parse(value.GetString());
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var start = Member(value, "start");
        var end = Member(value, "end");
        return start is null && end is null ? null : new DateRange(start?.Low ?? 0, end?.High ?? long.MaxValue);
    }

    private static DateRange? Member(JsonElement period, string name) =>
        period.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Parse(value.GetString()) : null;

    private static string Part(Match match, string group, string otherwise) => match.Groups[group].Success ? match.Groups[group].Value : otherwise;

    private static DateTimeOffset End(Match match, DateTimeOffset low, int digits) =>
        digits > 0 ? low.AddTicks((long)Math.Pow(10, 7 - digits))
        : match.Groups["second"].Success ? low.AddSeconds(1)
        : match.Groups["minute"].Success ? low.AddMinutes(1)
        : match.Groups["day"].Success ? low.AddDays(1)
        : match.Groups["month"].Success ? low.AddMonths(1)
        : low.AddYears(1);

    [GeneratedRegex(@"^(?<year>\d{4})(-(?<month>\d\d)(-(?<day>\d\d)(T(?<minute>\d\d:\d\d)(:(?<second>\d\d)(?<fraction>\.\d+)?)?(?<zone>Z|[+-]\d\d:\d\d)?)?)?)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
