using System.Text.Json;
using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>Reads the Parameters resource of a POST kick-off, each parameter in the data type that the operation definition gives it.</summary>
internal sealed class FhirParameters(SpecRules spec, KickOffIssues issues)
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
        [ParameterNames.OrganizeOutputBy] = ["valueString"],
        [ParameterNames.AllowPartialManifests] = ["valueBoolean"],
    };

    public IReadOnlyList<RawParameter> Read(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return [];
        }

        using var document = JsonBody.Parse(body, issues.Fatal);
        return document is null ? [] : ReadResource(document.RootElement);
    }

    private List<RawParameter> ReadResource(JsonElement root)
    {
        var parameters = new List<RawParameter>();
        var fields = JsonBody.Properties(root, "", issues.Fatal);
        if (!fields.Remove("resourceType", out var type) || type.ValueKind != JsonValueKind.String || !type.ValueEquals("Parameters"u8))
        {
            issues.Fatal.Invalid("resourceType", "The field resourceType must be 'Parameters'.");
            return parameters;
        }

        fields.Remove("id");
        fields.Remove("meta");
        if (fields.Remove("parameter", out var items))
        {
            ReadItems(items, parameters);
        }

        foreach (var name in fields.Keys)
        {
            issues.Fatal.Invalid(name, $"The field {name} is unknown in Parameters.");
        }

        return parameters;
    }

    private void ReadItems(JsonElement items, List<RawParameter> parameters)
    {
        if (items.ValueKind != JsonValueKind.Array || items.GetArrayLength() == 0)
        {
            issues.Fatal.Invalid("parameter", "The field parameter must be an array with at least one entry; leave it out when there is none.");
            return;
        }

        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            var path = $"parameter[{index++}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                issues.Fatal.Invalid(path, $"The field {path} must be an object.");
            }
            else if (ReadItem(item, path) is { } parameter)
            {
                parameters.Add(parameter);
            }
        }
    }

    private RawParameter? ReadItem(JsonElement item, string path)
    {
        var fields = JsonBody.Properties(item, path, issues.Fatal);
        if (!fields.Remove("name", out var nameField) || nameField.ValueKind != JsonValueKind.String)
        {
            issues.Fatal.Required(path + ".name", $"The field {path}.name must be a string.");
            return null;
        }

        var name = nameField.GetString()!;
        if (Allowed(name) is not { } allowed)
        {
            issues.Of(name).Invalid(name, ParameterNames.Unknown(name, spec));
            return null;
        }

        if (fields.Count != 1 || !allowed.Contains(fields.Keys.Single()))
        {
            issues.Of(name).Invalid(name, $"The parameter {name} must have exactly one value, {string.Join(" or ", allowed)}{(fields.Count == 0 ? "" : ", not " + string.Join(", ", fields.Keys))}.");
            return null;
        }

        var (element, value) = fields.Single();
        if (Text(element, value) is { } text)
        {
            return new RawParameter(name, text);
        }

        issues.Of(name).Invalid(name, $"The {element} of the parameter {name} has the wrong JSON type or lacks its content.");
        return null;
    }

    private IReadOnlyList<string>? Allowed(string name)
    {
        if (!spec.Parameters.Contains(name))
        {
            return null;
        }

        return name == ParameterNames.IncludeAssociatedData ? spec.AssociatedDataElements : s_valueElements[name];
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
