using System.Globalization;
using System.Text.RegularExpressions;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>The FHIR data type <c>instant</c>: seconds and time zone are mandatory (http://hl7.org/fhir/R4/datatypes.html#instant).</summary>
internal static partial class FhirInstant
{
    public static bool TryParse(string value, out DateTimeOffset instant)
    {
        instant = default;
        var match = Pattern().Match(value);
        if (!match.Success)
        {
            return false;
        }

        // .NET keeps seven digits of a second; FHIR allows any number.
        var fraction = match.Groups["fraction"].Value;
        var text = match.Groups["second"].Value + (fraction.Length > 8 ? fraction[..8] : fraction) + match.Groups["zone"].Value;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out instant);
    }

    public static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<second>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?<fraction>\.\d+)?(?<zone>Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
