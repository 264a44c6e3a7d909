using System.Globalization;
using System.Text.Json;

namespace GroupExport.Json;

/// <summary>
/// Reads the members of JSON from outside, which may have any form: a member that is absent, null, or not of the kind asked for is not there.
/// None of these methods throws on a document of <see cref="LenientJson"/>.
/// </summary>
internal static class JsonMembers
{
    /// <summary>Returns a member of an object; the default element when there is none.</summary>
    public static JsonElement Member(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? value : default;

    /// <summary>Determines whether an object has a member, null included.</summary>
    public static bool Has(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out _);

    /// <summary>Returns the items of an array; a single object stands for an array of one, as servers write that are generated from XML.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } single => [single],
        _ => [],
    };

    /// <summary>Returns a string; null when it is absent or empty.</summary>
    public static string? Text(this JsonElement parent, string name) =>
        parent.Member(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>Returns the strings of an array; a single string stands for an array of one.</summary>
    public static IEnumerable<string> Texts(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } single => [single.GetString()!],
        { ValueKind: JsonValueKind.Array } array => array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
        _ => [],
    };

    /// <summary>Returns a whole number that is not negative, also one written as a string.</summary>
    public static long? Count(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out long number) && number >= 0 => number,
        { ValueKind: JsonValueKind.String } value when long.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) && number >= 0 => number,
        _ => null,
    };

    /// <summary>Returns a number, also one written as a string.</summary>
    public static double? Number(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number) => number,
        { ValueKind: JsonValueKind.String } value when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => null,
    };

    /// <summary>Returns a boolean, also one written as a string.</summary>
    public static bool? Boolean(this JsonElement parent, string name) => parent.Member(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } value when bool.TryParse(value.GetString(), out bool parsed) => parsed,
        _ => null,
    };
}
