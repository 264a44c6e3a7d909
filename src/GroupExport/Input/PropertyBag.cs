using System.Collections;
using System.Globalization;
using System.Management.Automation;
using GroupExport.Fhir;

namespace GroupExport.Input;

/// <summary>The properties of any object, or the entries of a hashtable, read by name whatever their case: what objects from CSV, JSON and Clixml have in common.</summary>
internal sealed class PropertyBag(object source)
{
    private readonly PSObject _object = PSObject.AsPSObject(source);

    public bool Has(string name) => TryGet(name, out _);

    public bool TryGet(string name, out object? value)
    {
        if (_object.BaseObject is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
            {
                if (entry.Key is string key && key.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    value = Unwrapped(entry.Value);
                    return true;
                }
            }
        }
        else if (_object.Properties[name] is { IsGettable: true } property)
        {
            value = Unwrapped(property.Value);
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>A value as text; a date (which JSON readers make of instants) becomes an instant again.</summary>
    public string? Text(string name) => TryGet(name, out object? value) ? ToText(value) : null;

    public IReadOnlyList<string> Texts(string name) =>
        TryGet(name, out object? value) ? [.. Items(value).Select(ToText).OfType<string>()] : [];

    public IReadOnlyList<object> Objects(string name) =>
        TryGet(name, out object? value) ? [.. Items(value).OfType<object>()] : [];

    public long? Number(string name) =>
        long.TryParse(Text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : null;

    public bool? Boolean(string name) => bool.TryParse(Text(name), out bool truth) ? truth : null;

    /// <summary>A point in time in UTC.</summary>
    public DateTime? Time(string name) =>
        DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time.UtcDateTime : null;

    /// <summary>The values of a list, or the one value.</summary>
    public static IEnumerable<object?> Items(object? value) => value switch
    {
        null => [],
        string or IDictionary => [value],
        PSObject wrapped when wrapped.BaseObject is not PSCustomObject => Items(wrapped.BaseObject),
        IEnumerable list => list.Cast<object?>().Select(Unwrapped),
        _ => [value],
    };

    private static string? ToText(object? value) => value switch
    {
        null => null,
        DateTime time => FhirInstant.From(time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime()),
        DateTimeOffset time => FhirInstant.From(time),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static object? Unwrapped(object? value) =>
        value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
