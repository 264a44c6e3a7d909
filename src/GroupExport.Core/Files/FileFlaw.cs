using GroupExport.Jobs;
using GroupExport.Ndjson;

namespace GroupExport.Files;

/// <summary>Says whether a file that came whole is the one that was promised, and if not, why not.</summary>
internal static class FileFlaw
{
    /// <summary>Null when it is. Nothing of the file's content is told but line numbers.</summary>
    public static ExportException? Of(ExportFile file, ContentFacts content, CountVerdict count, string keptAside) => content.Scan switch
    {
        null => null,
        { FindingCount: > 0 } scan => Flaw(ExportErrorKind.InvalidFile, file, Listed(scan), keptAside),
        { } scan when count.IsMissed => Flaw(ExportErrorKind.CountMismatch, file, $"holds {scan.Count} resources where the manifest says {file.Count}", keptAside),
        _ => null,
    };

    /// <summary>The flaw of a file that an earlier run kept aside.</summary>
    public static ExportException OfEarlierRun(ReceiptEntry entry, ExportFolder folder) => new(
        entry.BadLines > 0 ? ExportErrorKind.InvalidFile : ExportErrorKind.CountMismatch,
        $"{entry.Name} was kept aside by an earlier run as {folder.PathOf(entry.OnDisk)} and counts as failed. Save-ExportFiles -RetryInvalid fetches it anew.")
    {
        Subject = Receipts.ToSavedFile(entry, folder, entry.State),
    };

    private static string Listed(ILineScan scan)
    {
        string first = string.Join("; ", scan.Findings.Select(finding => $"line {finding.Line} {finding.What}"));
        return scan.FindingCount > scan.Findings.Count ? $"has {scan.FindingCount} bad lines, the first: {first}" : $"has bad lines: {first}";
    }

    private static ExportException Flaw(ExportErrorKind kind, ExportFile file, string what, string keptAside) =>
        new(kind, $"{file.Name} {what}. It is kept aside as {keptAside} and counts as failed. Ask the server's operator; Save-ExportFiles -RetryInvalid fetches it anew.") { Subject = file };
}
