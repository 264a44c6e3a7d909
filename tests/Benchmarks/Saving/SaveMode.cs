using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>How Save-ExportFiles is called, and which encoding it gets.</summary>
/// <param name="Name">In the lines that are printed.</param>
/// <param name="Validation">The value of <c>-Validation</c>.</param>
/// <param name="Encoding">What the server sends.</param>
/// <param name="Compress">Whether <c>-Compress</c> is given.</param>
internal sealed record SaveMode(string Name, string Validation, string Encoding = ServedPaths.Identity, bool Compress = false)
{
    public static readonly SaveMode None = new("none", "None");
    public static readonly SaveMode Count = new("count", "Count");
    public static readonly SaveMode Full = new("full", "Full");
    public static readonly SaveMode CountGzip = new("count-gzip", "Count", ServedPaths.Gzip);
    public static readonly SaveMode FullGzip = new("full-gzip", "Full", ServedPaths.Gzip);
    public static readonly SaveMode FullCompress = new("full-gzip-compress", "Full", ServedPaths.Gzip, Compress: true);

    public static readonly SaveMode[] Identity = [None, Count, Full];
    public static readonly SaveMode[] Gzip = [CountGzip, FullGzip, FullCompress];
}
