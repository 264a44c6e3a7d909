using GroupExport.Jobs;
using GroupExport.Ndjson;

namespace GroupExport.Files;

/// <summary>What the manifest's count of a file says about the file that came.</summary>
/// <param name="Holds">It is that of the file, which proves the file whole.</param>
/// <param name="IsMissed">It is another, and the file is not the one that was promised.</param>
/// <param name="Doubt">It is another, which means little here; null else.</param>
internal sealed record CountVerdict(bool Holds, bool IsMissed, ExportEvent? Doubt)
{
    private static readonly CountVerdict s_none = new(false, false, null);

    /// <summary>Judges a file that was scanned to its end without a finding.</summary>
    /// <remarks>
    /// Whether headers of organized output count is unsaid in the standard, and in <c>error</c> files some servers count the resources that were
    /// lost, so that a count is no more than a hint there.
    /// </remarks>
    public static CountVerdict Of(ExportFile file, ILineScan? scan, bool isOrganized)
    {
        if (scan is not { FindingCount: 0 } || file.Count is not { } promised)
        {
            return s_none;
        }

        if (promised == scan.Count || (isOrganized && promised == scan.Count + scan.HeaderCount))
        {
            return new CountVerdict(true, false, null);
        }

        string difference = $"{file.Name} holds {scan.Count} resources where the manifest says {promised}";
        return file switch
        {
            { Kind: ExportFile.Error } => s_none with { Doubt = new Remark($"{difference}; some servers count there what was lost.") },
            _ when isOrganized && scan is LineCount => s_none,
            _ when isOrganized => s_none with { Doubt = new Caution($"{difference}. In organized output it is unsaid what counts, so the file is kept; compare it with what you expect.") },
            _ => s_none with { IsMissed = true },
        };
    }

    public void Tell(Action<ExportEvent> report)
    {
        if (Doubt is not null)
        {
            report(Doubt);
        }
    }
}
