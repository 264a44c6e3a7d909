using System.Management.Automation;
using GroupExport.Fhir;

namespace GroupExport.Input;

/// <summary>Reads a point in time as a FHIR instant: strings pass verbatim, times with a zone become UTC, all else is refused rather than guessed.</summary>
internal static class InstantInput
{
    /// <exception cref="ExportException">The value is no instant.</exception>
    public static string? Read(string parameter, object? value)
    {
        object? plain = value is PSObject wrapped ? wrapped.BaseObject : value;
        return plain switch
        {
            null => null,
            string text when FhirInstant.IsInstant(text) => text,
            DateTimeOffset time => FhirInstant.From(time),
            DateTime { Kind: not DateTimeKind.Unspecified } time => FhirInstant.From(time.ToUniversalTime()),
            DateTime => throw Invalid(parameter, value, "a DateTime without a zone, which could mean any place's midnight"),
            string text => throw Invalid(parameter, value, $"'{text}'"),
            _ => throw Invalid(parameter, value, $"a {plain.GetType().Name}"),
        };
    }

    private static ExportException Invalid(string parameter, object? value, string what) => new(
        ExportErrorKind.InvalidInstant,
        $"-{parameter} is {what}, which is no FHIR instant. Write date, time with seconds, and zone: '{FhirInstant.Example}' or '2026-11-01T00:00:00+01:00'; or pass a DateTimeOffset{(parameter == "Since" ? ", or the folder or receipt of an earlier export" : "")}.")
    {
        Subject = value,
    };
}
