namespace GroupExport.Fhir;

/// <summary>The names of R4's search parameters, known without loading the FHIR SDK.</summary>
/// <remarks>
/// The table is <c>search-parameters.txt</c>: a line for each resource type, its name and those of its parameters. A test holds it to the FHIR SDK
/// and, where it differs, writes the right one.
/// </remarks>
public static class SearchParameters
{
    /// <summary>The parameters that every type has (FHIR R4, search, "Parameters for all resources").</summary>
    private static readonly string[] s_common =
    [
        "_content", "_filter", "_has", "_id", "_lastUpdated", "_list", "_profile", "_query", "_security", "_source", "_tag", "_text",
    ];

    private static readonly Lazy<Dictionary<string, string[]>> s_byType = new(Load);

    /// <summary>The parameters that every type has.</summary>
    public static IReadOnlyList<string> Common => s_common;

    /// <summary>The parameters of a type, its own first; those that every type has for one that R4 does not know.</summary>
    public static IReadOnlyList<string> Of(string type) => s_byType.Value.GetValueOrDefault(type, s_common);

    private static Dictionary<string, string[]> Load()
    {
        using Stream table = typeof(SearchParameters).Assembly.GetManifestResourceStream("search-parameters.txt")!;
        using StreamReader lines = new(table);
        Dictionary<string, string[]> byType = [];
        while (lines.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            byType.Add(words[0], [.. words.Skip(1), .. s_common]);
        }

        return byType;
    }
}
