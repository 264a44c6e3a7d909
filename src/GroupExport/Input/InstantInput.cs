using GroupExport.Fhir;

namespace GroupExport.Input;

/// <summary>Reads a point in time as a FHIR instant: strings pass verbatim, times with a zone become UTC, all else is refused rather than guessed.</summary>
internal static class InstantInput
{
    /// <param name="parameter">The parameter, for errors.</param>
    /// <param name="value">What was given for it.</param>
    /// <param name="alternative">What else the parameter takes, for errors; null for nothing.</param>
    /// <exception cref="ExportException">The value is no instant.</exception>
    public static string? Read(string parameter, object? value, string? alternative = null)
    {
        object? plain = Plain.Of(value);
        return plain switch
        {
            null => null,
            string text when FhirInstant.IsInstant(text) => text,
            DateTimeOffset time => FhirInstant.From(time),
            DateTime { Kind: not DateTimeKind.Unspecified } time => FhirInstant.From(time.ToUniversalTime()),
            DateTime => throw Invalid("a DateTime without a zone, which could mean any place's midnight"),
            string text => throw Invalid($"'{text}'"),
            _ => throw Invalid($"a {plain.GetType().Name}"),
        };

        ExportException Invalid(string what) => new(
            ExportErrorKind.InvalidInstant,
            $"-{parameter} is {what}, which is no FHIR instant. Write date, time with seconds, and zone: '{FhirInstant.Example}' or '2026-11-01T00:00:00+01:00'; or pass a DateTimeOffset{(alternative is null ? "" : $", or {alternative}")}.")
        {
            Subject = value,
        };
    }
}
