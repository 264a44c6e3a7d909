namespace GroupExport.Import;

/// <summary>The words for lines that are valid JSON and yet cannot be given.</summary>
internal static class ImportFaults
{
    public const string Nameless = "has a property without a name, which a PowerShell object cannot have";
    public const string Twins = "has two properties whose names differ only in case, which a PowerShell object cannot have";
    public const string NoDeletions = "is no transaction Bundle of DELETE entries";
    public const string OtherEntries = "has entries that are no DELETE of a resource by type and id";
    public const string Unreadable = "cannot be read as JSON";

    public const string NamelessForFhir = "has a property without a name, which the FHIR library can't hold,";
    public const string ArrayInArray = "has an array inside an array, which FHIR doesn't have,";
    public const string NoResource = "has a value where FHIR has a resource,";
    private const string UseJson = "read the line with -As Json";

    /// <param name="codes">The codes of the FHIR library for what it found.</param>
    /// <param name="member">Where; null when the library doesn't say.</param>
    public static string NotFhir(IEnumerable<string> codes, string? member) =>
        $"is no resource that the FHIR library can hold without loss ({string.Join(", ", codes)}{(member is null ? "" : $" at {member}")}); {UseJson}";

    /// <param name="literal">The number as it is written.</param>
    /// <param name="member">Where it is.</param>
    public static string NumberLost(string literal, string member) =>
        $"has the number {literal} at {member}, which the FHIR library would change; {UseJson}";
}
