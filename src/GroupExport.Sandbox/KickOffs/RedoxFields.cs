using System.Text.Json;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>The fields of one JSON object in a Redox body: each is taken by name and type, and what nobody took is unknown.</summary>
internal sealed class RedoxFields
{
    private readonly Dictionary<string, JsonElement> _left;
    private readonly string _path;
    private readonly IssueList _issues;

    public RedoxFields(JsonElement element, string path, IssueList issues)
    {
        _path = path;
        _issues = issues;
        _left = JsonBody.Properties(element, path, issues);
    }

    public string Path(string name) => JsonBody.Join(_path, name);

    /// <summary>Reports a field that is not there; to be asked before the field is taken.</summary>
    public void Require(string name)
    {
        if (!_left.ContainsKey(name))
        {
            _issues.Required(Path(name), $"The field {Path(name)} is missing.");
        }
    }

    /// <summary>A string that must be there.</summary>
    public string? RequiredString(string name)
    {
        Require(name);
        return String(name, nullable: false);
    }

    /// <summary>A string that may be null or absent, but not empty.</summary>
    public string? NullableString(string name) => String(name, nullable: true);

    public bool? NullableBoolean(string name)
    {
        if (!_left.Remove(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        WrongType(name, "a boolean", value);
        return null;
    }

    public void NullableUuid(string name)
    {
        if (NullableString(name) is { } value && !Guid.TryParseExact(value, "D", out _))
        {
            _issues.Invalid(Path(name), $"The field {Path(name)} must be a UUID.");
        }
    }

    public RedoxFields? Object(string name)
    {
        if (!_left.Remove(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return new RedoxFields(value, Path(name), _issues);
        }

        WrongType(name, "an object", value);
        return null;
    }

    /// <summary>The objects of an array; null when the field is absent or no array.</summary>
    public IReadOnlyList<RedoxFields>? Objects(string name)
    {
        if (!_left.Remove(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            WrongType(name, "an array", value);
            return null;
        }

        var objects = new List<RedoxFields>();
        foreach (var item in value.EnumerateArray())
        {
            var path = $"{Path(name)}[{objects.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                _issues.Invalid(path, $"The field {path} must be an object, not {Describe(item)}.");
                return null;
            }

            objects.Add(new RedoxFields(item, path, _issues));
        }

        return objects;
    }

    /// <summary>Reports the fields that nobody asked for.</summary>
    public void Close()
    {
        foreach (var name in _left.Keys)
        {
            _issues.Invalid(Path(name), $"The field {Path(name)} is unknown.");
        }
    }

    private string? String(string name, bool nullable)
    {
        if (!_left.Remove(name, out var value) || (nullable && value.ValueKind == JsonValueKind.Null))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            WrongType(name, "a string", value);
            return null;
        }

        var text = value.GetString()!;
        if (text.Length == 0)
        {
            _issues.Invalid(Path(name), $"The field {Path(name)} must not be empty.");
            return null;
        }

        return text;
    }

    private void WrongType(string name, string expected, JsonElement value) =>
        _issues.Invalid(Path(name), $"The field {Path(name)} must be {expected}, not {Describe(value)}.");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };
}
