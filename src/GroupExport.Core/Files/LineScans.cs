using GroupExport.Fhir;
using GroupExport.Jobs;
using GroupExport.Ndjson;

namespace GroupExport.Files;

/// <summary>Chooses how the lines of a file are looked at.</summary>
internal static class LineScans
{
    /// <summary>Null when they are not.</summary>
    public static ILineScan? For(ExportFile file, bool isOrganized, SaveOptions options) => options.Validation switch
    {
        Validation.None => null,
        Validation.Count => new LineCount(options.MaxLineBytes),
        _ => new NdjsonScan(ExpectedType(file), isOrganized, options.MaxLineBytes),
    };

    /// <summary>Returns the resource type that lines must have; null when any will do. A type that the manifest does not state, or that R4 does not know, is not insisted on.</summary>
    public static string? ExpectedType(ExportFile file) => file.Kind switch
    {
        ExportFile.Deleted => file.Type ?? "Bundle",
        ExportFile.Error => file.Type ?? "OperationOutcome",
        _ => file.Type is { } type ? ResourceTypes.Find(type) : null,
    };
}
