using System.Text.Json;

namespace GroupExport.Connections;

/// <summary>Reads a CapabilityStatement that may have any form: what is not as the standard has it is not there.</summary>
internal static class StatementJson
{
    /// <summary>An array; the default enumerator is empty.</summary>
    public static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;

    public static IEnumerable<string> Texts(JsonElement parent, string name) =>
        Items(parent, name).Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!);

    public static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
