namespace GroupExport.Fhir;

/// <summary>The root elements of R4's resource types, as <c>_elements</c> names them, known without loading the FHIR SDK.</summary>
/// <remarks>
/// The table is <c>root-elements.txt</c>: a line for each resource type, its name and those of its own elements in the order of the standard;
/// a choice such as <c>value[x]</c> is named <c>value</c>. A test holds it to the FHIR SDK and, where it differs, writes the right one.
/// </remarks>
public static class RootElements
{
    private static readonly string[] s_resource = ["id", "meta", "implicitRules", "language"];
    private static readonly string[] s_domainResource = [.. s_resource, "text", "contained", "extension", "modifierExtension"];

    /// <summary>The types that are no DomainResource and lack its elements.</summary>
    private static readonly string[] s_plain = ["Binary", "Bundle", "Parameters"];

    private static readonly Lazy<Dictionary<string, string[]>> s_byType = new(Load);

    /// <summary>The elements that every type has (FHIR R4, Resource).</summary>
    public static IReadOnlyList<string> Common => s_resource;

    /// <summary>The elements of a type, its own first; those that every type has for one that R4 does not know.</summary>
    public static IReadOnlyList<string> Of(string type) => s_byType.Value.GetValueOrDefault(type, s_resource);

    private static Dictionary<string, string[]> Load() => TypeTable.Read("root-elements.txt").ToDictionary(
        words => words[0],
        words => (string[])[.. words.Skip(1), .. s_plain.Contains(words[0]) ? s_resource : s_domainResource]);
}
