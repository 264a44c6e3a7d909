namespace GroupExport.Import;

/// <summary>The words for lines that are valid JSON and yet cannot be given.</summary>
internal static class ImportFaults
{
    public const string Nameless = "has a property without a name, which a PowerShell object cannot have";
    public const string Twins = "has two properties whose names differ only in case, which a PowerShell object cannot have";
    public const string NoDeletions = "is no transaction Bundle of DELETE entries";
    public const string OtherEntries = "has entries that are no DELETE of a resource by type and id";
    public const string Unreadable = "cannot be read as JSON";

    /// <param name="codes">The codes of the FHIR library for what it found.</param>
    public static string NotFhir(IEnumerable<string> codes) => $"is no resource that the FHIR library can hold without loss ({string.Join(", ", codes)})";
}
