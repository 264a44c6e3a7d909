using System.Collections;
using System.Management.Automation;
using GroupExport.Connections;
using GroupExport.Requests;

namespace GroupExport.Input;

/// <summary>Reads the parts of the Redox envelope from hashtables or objects: <c>@{ ID = '…'; Name = '…' }</c>.</summary>
internal static class MetaInput
{
    /// <exception cref="ExportException">A key is unknown, an ID is no UUID, or nothing is given.</exception>
    public static RedoxParty Party(string parameter, object value)
    {
        Dictionary<string, string?> fields = Fields(parameter, value, "ID", "Name");
        return new RedoxParty(Uuid(parameter, "ID", fields), fields["Name"]);
    }

    /// <inheritdoc cref="Party"/>
    public static RedoxLog Log(string parameter, object value)
    {
        Dictionary<string, string?> fields = Fields(parameter, value, "ID", "AttemptID");
        return new RedoxLog(Uuid(parameter, "ID", fields), Uuid(parameter, "AttemptID", fields));
    }

    private static Dictionary<string, string?> Fields(string parameter, object value, params string[] allowed)
    {
        object plain = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
        if (plain is string or ValueType || plain is not (IDictionary or PSObject or RedoxParty or RedoxLog))
        {
            throw Invalid(parameter, $"takes hashtables such as @{{ {allowed[0]} = '<uuid>'; {allowed[1]} = '…' }}");
        }

        PropertyBag bag = new(value);
        string? stray = Names(plain).FirstOrDefault(name => !allowed.Contains(name, StringComparer.OrdinalIgnoreCase));
        if (stray is not null)
        {
            throw Invalid(parameter, $"does not know the key '{stray}'; the keys are {string.Join(" and ", allowed)}");
        }

        Dictionary<string, string?> fields = allowed.ToDictionary(name => name, name => bag.Text(name) is { Length: > 0 } text ? text : null);
        return fields.Values.All(field => field is null) ? throw Invalid(parameter, $"is empty; give {string.Join(" or ", allowed)}") : fields;
    }

    private static IEnumerable<string> Names(object value) => value switch
    {
        IDictionary entries => entries.Keys.Cast<object>().Select(key => key.ToString() ?? ""),
        _ => PSObject.AsPSObject(value).Properties.Select(property => property.Name),
    };

    private static string? Uuid(string parameter, string field, Dictionary<string, string?> fields) =>
        fields[field] is not { } id || Guid.TryParseExact(id, "D", out _)
            ? fields[field]
            : throw Invalid(parameter, $"has an {field} that is no UUID; write it as Redox shows it, such as 00000000-0000-0000-0000-000000000000");

    private static ExportException Invalid(string parameter, string what) =>
        new(ExportErrorKind.InvalidMeta, $"-{parameter} {what}.") { Subject = parameter };
}
