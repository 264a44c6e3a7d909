using System.Text.Json;

namespace GroupExport.Connections;

/// <summary>What a server says about itself at <c>metadata</c> (FHIR R4, CapabilityStatement), as far as an export wants to know.</summary>
/// <param name="HasGroupExport">Whether an export operation on Group is named, by its name or its definition (Bulk Data Access, conformance).</param>
internal sealed record CapabilityStatement(bool HasGroupExport)
{
    private static readonly string[] s_names = ["export", "$export", "group-export"];

    /// <summary>Null when the text is none.</summary>
    public static CapabilityStatement? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return Text(root, "resourceType") == "CapabilityStatement"
                ? new CapabilityStatement(Items(root, "rest").Any(NamesGroupExport))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool NamesGroupExport(JsonElement rest) =>
        Items(rest, "resource").Where(resource => Text(resource, "type") == "Group").SelectMany(group => Items(group, "operation")).Any(IsExport)
        || Items(rest, "operation").Any(operation => Defines(operation));

    private static bool IsExport(JsonElement operation) => s_names.Contains(Text(operation, "name")) || Defines(operation);

    private static bool Defines(JsonElement operation) =>
        Text(operation, "definition")?.Contains("/OperationDefinition/group-export", StringComparison.Ordinal) == true;

    /// <summary>An array of objects; the default enumerator is empty.</summary>
    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement array) && array.ValueKind == JsonValueKind.Array ? array.EnumerateArray() : default;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
