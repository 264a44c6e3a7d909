using System.Text.Json;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>Reads the Parameters resource of a POST kick-off, each parameter in the data type that the operation definition gives it.</summary>
internal static class FhirParameters
{
    private static readonly Dictionary<string, string[]> s_valueElements = new(StringComparer.Ordinal)
    {
        [ParameterNames.OutputFormat] = ["valueString"],
        [ParameterNames.Since] = ["valueInstant"],
        [ParameterNames.Until] = ["valueInstant"],
        [ParameterNames.Type] = ["valueString"],
        [ParameterNames.Elements] = ["valueString"],
        [ParameterNames.TypeFilter] = ["valueString"],
        [ParameterNames.Patient] = ["valueReference"],
        [ParameterNames.IncludeAssociatedData] = ["valueCode", "valueCoding", "valueString"],
        [ParameterNames.OrganizeOutputBy] = ["valueString"],
        [ParameterNames.AllowPartialManifests] = ["valueBoolean"],
    };

    public static IReadOnlyList<RawParameter> Read(ReadOnlyMemory<byte> body, IssueList issues)
    {
        if (body.IsEmpty)
        {
            return [];
        }

        using var document = JsonBody.Parse(body, issues);
        return document is null ? [] : ReadResource(document.RootElement, issues);
    }

    private static List<RawParameter> ReadResource(JsonElement root, IssueList issues)
    {
        var parameters = new List<RawParameter>();
        var fields = JsonBody.Properties(root, "", issues);
        if (!fields.Remove("resourceType", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("Parameters"u8))
        {
            issues.Invalid("resourceType", "The field resourceType must be 'Parameters'.");
            return parameters;
        }

        fields.Remove("id");
        fields.Remove("meta");
        if (fields.Remove("parameter", out var items))
        {
            ReadItems(items, parameters, issues);
        }

        foreach (var name in fields.Keys)
        {
            issues.Invalid(name, $"The field {name} is unknown in Parameters.");
        }

        return parameters;
    }

    private static void ReadItems(JsonElement items, List<RawParameter> parameters, IssueList issues)
    {
        if (items.ValueKind != JsonValueKind.Array || items.GetArrayLength() == 0)
        {
            issues.Invalid("parameter", "The field parameter must be an array with at least one entry; leave it out when there is none.");
            return;
        }

        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            var path = $"parameter[{index++}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                issues.Invalid(path, $"The field {path} must be an object.");
            }
            else if (ReadItem(item, path, issues) is { } parameter)
            {
                parameters.Add(parameter);
            }
        }
    }

    private static RawParameter? ReadItem(JsonElement item, string path, IssueList issues)
    {
        var fields = JsonBody.Properties(item, path, issues);
        if (!fields.Remove("name", out var nameField) || nameField.ValueKind != JsonValueKind.String)
        {
            issues.Required(path + ".name", $"The field {path}.name must be a string.");
            return null;
        }

        var name = nameField.GetString()!;
        if (!s_valueElements.TryGetValue(name, out var allowed))
        {
            issues.Invalid(name, ParameterNames.Unknown(name));
            return null;
        }

        if (fields.Count != 1 || !allowed.Contains(fields.Keys.Single()))
        {
            issues.Invalid(name, $"The parameter {name} must have exactly one value, {string.Join(" or ", allowed)}{(fields.Count == 0 ? "" : ", not " + string.Join(", ", fields.Keys))}.");
            return null;
        }

        var (element, value) = fields.Single();
        if (Text(element, value) is { } text)
        {
            return new RawParameter(name, text);
        }

        issues.Invalid(name, $"The {element} of the parameter {name} has the wrong JSON type or lacks its content.");
        return null;
    }

    private static string? Text(string element, JsonElement value) => (element, value.ValueKind) switch
    {
        ("valueReference", JsonValueKind.Object) => Member(value, "reference"),
        ("valueCoding", JsonValueKind.Object) => Member(value, "code"),
        ("valueBoolean", JsonValueKind.True) => "true",
        ("valueBoolean", JsonValueKind.False) => "false",
        ("valueString" or "valueInstant" or "valueCode", JsonValueKind.String) => value.GetString(),
        _ => null,
    };

    private static string? Member(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
