using System.Text.Json;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>Opens a JSON body for strict reading.</summary>
internal static class JsonBody
{
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body, IssueList issues)
    {
        try
        {
            var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            issues.Invalid("body", "The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            // Without the exception's text, which may quote the body.
            issues.Invalid("body", $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");
        }

        return null;
    }

    /// <summary>The properties by name; a name that stands twice is an issue, because readers disagree on which one counts.</summary>
    public static Dictionary<string, JsonElement> Properties(JsonElement element, string path, IssueList issues)
    {
        var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!properties.TryAdd(property.Name, property.Value))
            {
                issues.Invalid(Join(path, property.Name), $"The field {Join(path, property.Name)} stands twice.");
            }
        }

        return properties;
    }

    public static string Join(string path, string name) => path.Length == 0 ? name : path + "." + name;
}
