using System.Text.Json;
using GroupExport.Json;

namespace GroupExport.Connections;

/// <summary>
/// The search parameters that a server lists, as far as filters of an export want to know (FHIR R4, CapabilityStatement.rest.resource.searchParam;
/// Bulk Data Access 4, "Data Provider Capability Documentation").
/// </summary>
internal sealed class ServerSearches
{
    /// <summary>What can be searched for but not exported (by) bears this mark of Bulk Data Access, with the operation that cannot as its value.</summary>
    private const string Mark = "/operation-not-supported";

    /// <summary>Characters of a name that may be one.</summary>
    private const int MostCharacters = 64;

    private readonly Dictionary<string, HashSet<string>> _listed = new(StringComparer.Ordinal);
    private readonly HashSet<(string Type, string Name)> _markedNames = [];
    private readonly HashSet<string> _markedTypes = new(StringComparer.Ordinal);

    private ServerSearches()
    {
    }

    /// <summary>A server that was not asked, or says nothing.</summary>
    public static ServerSearches Unknown { get; } = new();

    /// <summary>The names that are listed for a type; null when none is, which says nothing.</summary>
    public IReadOnlyCollection<string>? Of(string type) => _listed.GetValueOrDefault(type);

    /// <summary>Whether the server says that it searches a type by a parameter, but not in group exports.</summary>
    public bool IsMarked(string type, string name) => _markedNames.Contains((type, name));

    /// <summary>Whether the server says that it has a type, but not in group exports.</summary>
    public bool IsMarked(string type) => _markedTypes.Contains(type);

    /// <summary>Reads the elements of <c>rest</c>; what has another form than the standard's is passed over.</summary>
    public static ServerSearches Read(IEnumerable<JsonElement> rests)
    {
        ServerSearches read = new();
        foreach (JsonElement rest in rests)
        {
            (string Name, JsonElement Parameter)[] ofAll = [.. Parameters(rest)];
            foreach (JsonElement resource in rest.Items("resource"))
            {
                if (resource.Text("type") is { } type)
                {
                    read.Add(type, resource, [.. Parameters(resource)], ofAll);
                }
            }
        }

        return read;
    }

    private static IEnumerable<(string Name, JsonElement Parameter)> Parameters(JsonElement parent) => parent.Items("searchParam")
        .Select(parameter => (Name: parameter.Text("name"), parameter))
        .Where(named => named.Name is { Length: > 0 and <= MostCharacters })
        .Select(named => (named.Name!, named.parameter));

    private static bool HasMark(JsonElement element) => element.Items("extension").Any(extension =>
        extension.Text("url")?.EndsWith(Mark, StringComparison.Ordinal) == true
        && extension.Text("valueCanonical") is { } canonical
        && (canonical.Contains("/OperationDefinition/group-export", StringComparison.Ordinal) || canonical.Contains("/CapabilityStatement/bulk-data", StringComparison.Ordinal)));

    private void Add(string type, JsonElement resource, (string Name, JsonElement Parameter)[] own, (string Name, JsonElement Parameter)[] ofAll)
    {
        if (HasMark(resource))
        {
            _markedTypes.Add(type);
        }

        // Parameters of all types are no list of this one's.
        if (own.Length == 0)
        {
            return;
        }

        if (!_listed.TryGetValue(type, out HashSet<string>? names))
        {
            _listed.Add(type, names = new HashSet<string>(StringComparer.Ordinal));
        }

        names.UnionWith(own.Concat(ofAll).Select(named => named.Name));
        _markedNames.UnionWith(own.Concat(ofAll).Where(named => HasMark(named.Parameter)).Select(named => (type, named.Name)));
    }
}
