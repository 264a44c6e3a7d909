using System.Text.RegularExpressions;
using GroupExport.Fhir;

namespace GroupExport.Requests;

/// <summary>One value of <c>_elements</c>: a root element of every type that has it, or of one type (Bulk Data Access 2, "_elements").</summary>
/// <param name="Type">The type in the spelling of R4; null means every type.</param>
/// <param name="Element">The element, such as <c>name</c>.</param>
internal sealed partial record ElementPath(string? Type, string Element)
{
    private const string Parameter = "Element";

    /// <summary>The value as it is sent.</summary>
    public string Text => Type is null ? Element : $"{Type}.{Element}";

    /// <summary>Whether it leads below a root element, which the standard has no word for.</summary>
    public bool IsNested => Element.Contains('.');

    /// <summary>Reads one value.</summary>
    /// <exception cref="ExportException">It is no element; nothing was sent.</exception>
    public static ElementPath Read(string text)
    {
        if (text.Contains(','))
        {
            throw Broken(text, "holds a comma. Pass several elements as an array: -Element id, Patient.name");
        }

        string[] parts = text.Split('.');
        if (!parts.All(part => Name().IsMatch(part)))
        {
            throw Broken(text, "is no element: names of letters and digits, with a dot between type and element. Write elements such as id or Patient.name");
        }

        bool isType = char.IsAsciiLetterUpper(text[0]);
        return (parts.Length, isType, ResourceTypes.Find(parts[0])) switch
        {
            (1, true, { } type) => throw Broken(text, $"is a resource type. Name an element of it, such as {type}.id; types themselves go with -Type"),
            (1, true, null) => throw Broken(text, $"is no element: names of elements begin with a small letter, such as {char.ToLowerInvariant(text[0])}{text[1..]}"),
            (1, false, _) => new ElementPath(null, text),
            (_, _, { } type) => new ElementPath(type, string.Join('.', parts[1..])),
            (_, true, null) => throw UnknownType(text, parts[0]),
            _ => new ElementPath(null, text),
        };
    }

    private static ExportException UnknownType(string text, string typed)
    {
        IReadOnlyList<string> near = ResourceTypes.Nearest(typed);
        string hint = near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
        return new ExportException(ExportErrorKind.UnknownResourceType, $"-Element '{text}' is about '{typed}', which is no R4 resource type.{hint} Nothing was sent.") { Subject = typed };
    }

    private static ExportException Broken(string text, string why) =>
        new(ExportErrorKind.InvalidParameter, $"-Element '{text}' {why}. Nothing was sent.") { Subject = Parameter };

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9]{0,63}(\[x\])?\z")]
    private static partial Regex Name();
}
