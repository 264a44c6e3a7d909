using System.Text.RegularExpressions;
using GroupExport.Fhir;

namespace GroupExport.Requests;

/// <summary>One value of <c>_typeFilter</c>: a FHIR search on one resource type (Bulk Data Access, "_typeFilter Query Parameter").</summary>
/// <param name="Type">The type, in the spelling of R4.</param>
/// <param name="Query">What stands behind the question mark, as it was given.</param>
/// <param name="Parameters">The names of its parameters, with modifiers and chains, decoded.</param>
internal sealed partial record TypeFilter(string Type, string Query, IReadOnlyList<string> Parameters)
{
    private const string Parameter = "TypeFilter";

    /// <summary>What shapes a page of search results, of which an export has none (FHIR R4, search, "Search result parameters").</summary>
    private static readonly string[] s_resultParameters =
        ["_contained", "_containedType", "_count", "_elements", "_include", "_revinclude", "_sort", "_summary", "_total"];

    /// <summary>The filter without its values, such as <c>Observation?status=…</c>.</summary>
    public string Shown => $"{Type}?{string.Join('&', Parameters.Select(parameter => IsName(BareName(parameter)) ? $"{BareName(parameter)}=…" : "…"))}";

    /// <summary>The filter as it is sent.</summary>
    public string Text => $"{Type}?{Query}";

    /// <summary>The name of a parameter without modifier and chain: <c>code</c> of <c>code:in</c>, <c>subject</c> of <c>subject:Patient.name</c>.</summary>
    public static string BareName(string parameter) => parameter[..(parameter.IndexOfAny([':', '.']) is >= 0 and var end ? end : parameter.Length)];

    /// <summary>Whether a parameter looks through a reference, which is experimental in exports.</summary>
    public static bool IsChained(string parameter) => parameter.Contains('.') || BareName(parameter) == "_has";

    /// <summary>Whether a text may be shown as the name of something: what is none may be a value that went astray.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    /// <summary>Reads one value and holds it to the rules of the standard.</summary>
    /// <param name="text">The value.</param>
    /// <param name="place">Its place among the values, from 1: it is named by that, because it may tell of a patient.</param>
    /// <exception cref="ExportException">It breaks a rule; nothing was sent.</exception>
    public static TypeFilter Read(string text, int place)
    {
        int mark = text.IndexOf('?');
        if (mark < 0)
        {
            throw Broken(place, text.Contains("%3F", StringComparison.OrdinalIgnoreCase) ? "is percent-encoded; write it in plain, the encoding is done here" : "has no question mark behind its type");
        }

        string type = FoundType(text[..mark], place);
        string query = text[(mark + 1)..];
        string[] pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        if (pairs.Length == 0)
        {
            throw Broken(place, $"restricts nothing: no parameter stands behind {type}?");
        }

        return new TypeFilter(type, query, [.. pairs.Select(pair => ReadName(pair, place))]);
    }

    /// <summary>Names the type, and no value.</summary>
    public override string ToString() => $"filter of {Type}";

    private static string FoundType(string typed, int place)
    {
        if (typed.Contains(','))
        {
            throw Broken(place, "names several types; give each a filter of its own");
        }

        if (typed.Contains('/'))
        {
            throw Broken(place, "begins with a URL, a slash or a compartment; it begins with the type alone");
        }

        if (!TypeName().IsMatch(typed))
        {
            throw Broken(place, "does not begin with the name of a resource type");
        }

        if (ResourceTypes.Find(typed) is { } type)
        {
            return type;
        }

        IReadOnlyList<string> near = ResourceTypes.Nearest(typed);
        string hint = near.Count == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
        throw new ExportException(ExportErrorKind.UnknownResourceType, $"Type filter {place} is about '{typed}', which is no R4 resource type.{hint} Nothing was sent.") { Subject = typed };
    }

    private static string ReadName(string pair, int place)
    {
        int equals = pair.IndexOf('=');
        if (equals < 1)
        {
            throw Broken(place, "has a part that is no name=value; an ampersand inside a value is written %26");
        }

        string name = Uri.UnescapeDataString(pair[..equals]);
        return s_resultParameters.FirstOrDefault(result => result.Equals(BareName(name), StringComparison.OrdinalIgnoreCase)) is { } forbidden
            ? throw Broken(place, $"holds {forbidden}, which shapes search results and has no place in a filter{(forbidden == "_elements" ? "; use -Element" : "")}")
            : name;
    }

    private static ExportException Broken(int place, string why) => new(
        ExportErrorKind.InvalidParameter,
        $"Type filter {place} {why}. Write filters such as Observation?status=final&date=ge2026-01-01. Nothing was sent.")
    {
        Subject = Parameter,
    };

    [GeneratedRegex(@"^[A-Za-z]{1,64}\z")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^_?[A-Za-z][A-Za-z0-9_-]{0,63}\z")]
    private static partial Regex Name();
}
