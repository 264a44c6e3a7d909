namespace GroupExport.Fhir;

/// <summary>The names of R4's search parameters and what their values are, known without loading the FHIR SDK.</summary>
/// <remarks>
/// The table is <c>search-parameters.txt</c>: a line for each resource type, its name and its parameters, each as <c>name:kind</c>. A test holds it to
/// the FHIR SDK and, where it differs, writes the right one.
/// </remarks>
public static class SearchParameters
{
    /// <summary>The parameters that every type has (FHIR R4, search, "Parameters for all resources").</summary>
    private static readonly string[] s_common =
    [
        "_content", "_filter", "_has", "_id", "_lastUpdated", "_list", "_profile", "_query", "_security", "_source", "_tag", "_text",
    ];

    private static readonly Lazy<Dictionary<string, Entry>> s_byType = new(Load);

    /// <summary>The parameters that every type has.</summary>
    public static IReadOnlyList<string> Common => s_common;

    /// <summary>The parameters of a type, its own first; those that every type has for one that R4 does not know.</summary>
    public static IReadOnlyList<string> Of(string type) => s_byType.Value.TryGetValue(type, out Entry? entry) ? entry.Names : s_common;

    /// <summary>
    /// What the values of a type's own parameter are (FHIR R4, search, "Search Parameter Types"): <c>composite</c>, <c>date</c>, <c>number</c>,
    /// <c>quantity</c>, <c>reference</c>, <c>special</c>, <c>string</c>, <c>token</c> or <c>uri</c>; null for one that is not the type's own.
    /// </summary>
    public static string? KindOf(string type, string name) =>
        s_byType.Value.TryGetValue(type, out Entry? entry) ? entry.Kinds.GetValueOrDefault(name) : null;

    private static Dictionary<string, Entry> Load() => TypeTable.Read("search-parameters.txt").ToDictionary(words => words[0], words =>
    {
        Dictionary<string, string> kinds = words.Skip(1).Select(word => word.Split(':')).ToDictionary(parts => parts[0], parts => parts[1]);
        return new Entry([.. kinds.Keys, .. s_common], kinds);
    });

    private sealed record Entry(string[] Names, Dictionary<string, string> Kinds);
}
