using GroupExport.Ndjson;

namespace GroupExport.Tests.Ndjson;

/// <summary>What a scan says of a whole text, comparable.</summary>
internal sealed record ScanResult(long Count, long HeaderCount, long FindingCount, string Findings)
{
    public static ScanResult Full(ReadOnlySpan<byte> text, int chunk = int.MaxValue, string? type = "Patient", bool headers = false, long max = 1 << 20) =>
        Of(new NdjsonScan(type, headers, max), text, chunk);

    public static ScanResult Counted(ReadOnlySpan<byte> text, int chunk = int.MaxValue, long max = 1 << 20) => Of(new LineCount(max), text, chunk);

    public static ScanResult Of(ILineScan scan, ReadOnlySpan<byte> text, int chunk)
    {
        for (int at = 0; at < text.Length; at += Math.Min(chunk, text.Length - at))
        {
            scan.Add(text.Slice(at, Math.Min(chunk, text.Length - at)));
        }

        return Completed(scan);
    }

    /// <summary>The chunks end at the given places.</summary>
    public static ScanResult Cut(ILineScan scan, ReadOnlySpan<byte> text, IEnumerable<int> cuts)
    {
        int at = 0;
        foreach (int cut in cuts)
        {
            scan.Add(text[at..cut]);
            at = cut;
        }

        scan.Add(text[at..]);
        return Completed(scan);
    }

    private static ScanResult Completed(ILineScan scan)
    {
        scan.Complete();
        string findings = string.Join("; ", scan.Findings.Select(finding => $"{finding.Line} {finding.What}"));
        return new ScanResult(scan.Count, scan.HeaderCount, scan.FindingCount, findings);
    }
}
