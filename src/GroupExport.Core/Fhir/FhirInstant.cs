using System.Globalization;
using System.Text.RegularExpressions;

namespace GroupExport.Fhir;

/// <summary>The FHIR <c>instant</c>: date, time to the second or finer, and a zone (FHIR R4, datatypes, instant).</summary>
public static partial class FhirInstant
{
    /// <summary>What to write, for error messages.</summary>
    public const string Example = "2026-11-01T00:00:00Z";

    /// <summary>Says whether a text is an instant of the calendar: seconds and zone present, and the day exists.</summary>
    public static bool IsInstant(string text) =>
        Shape().IsMatch(text)
        && DateTimeOffset.TryParse(text.Replace(":60", ":59", StringComparison.Ordinal), CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Writes a point in time as an instant in UTC, with as many fraction digits as it has.</summary>
    public static string From(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z";

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])\z")]
    private static partial Regex Shape();
}
