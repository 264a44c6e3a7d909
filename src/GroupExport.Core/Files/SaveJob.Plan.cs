using GroupExport.Jobs;

namespace GroupExport.Files;

/// <content>The receipt is the plan: which files the manifest lists, and what of them an earlier run has saved.</content>
internal sealed partial class SaveJob
{
    /// <summary>Everything is to be fetched again; what is there stays until it is replaced.</summary>
    private void Forget() => folder.Write(folder.Receipt with
    {
        State = ExportReceipt.Incomplete,
        Confirmed = false,
        Files = [.. folder.Receipt.Files.Select(entry => entry with { State = ReceiptEntry.Planned, Validator = null })],
    });

    /// <summary>The status with the names under which the receipt knows the files; a receipt of an export of another time knows none of them.</summary>
    private ExportStatus Known(ExportStatus status)
    {
        if (folder.Receipt is { HasManifest: true, TransactionTime: { } before, Files.Count: > 0 } && status.TransactionTime is { } now && now != before)
        {
            report(new Caution($"The server now says that the export of group {job.GroupName} is of {now}; what was saved here before is of {before}. So that the two do not mix, everything is fetched anew."));
            folder.Write(folder.Receipt with { State = ExportReceipt.Incomplete, HasManifest = false, Files = [] });
        }

        if (status.State == ExportStatus.Complete && folder.Receipt.Files.Any(entry => entry.Recovered is true))
        {
            folder.Write(folder.Receipt with { Files = ReceiptSalvage.WithoutUnlisted(folder.Receipt.Files, status.Files) });
        }

        return new ExportStatus(status, KeptNames.Of(folder.Receipt.Files, status.Files));
    }

    private void Plan(ExportStatus status)
    {
        bool isWhole = status.State == ExportStatus.Complete;
        FileSources sources = new(status.Files);
        HashSet<string> listed = [.. status.Files.Select(file => file.Name)];
        Dictionary<string, ReceiptEntry> known = folder.Receipt.Files.ToDictionary(entry => entry.Name);
        folder.Write(folder.Receipt with
        {
            State = ExportReceipt.Incomplete,
            HasManifest = isWhole,
            Confirmed = false,
            ManifestPages = Math.Max(folder.Receipt.ManifestPages, status.ManifestTexts.Count),
            TransactionTime = status.TransactionTime,
            Expires = status.Expires,
            OutputOrganizedBy = status.OutputOrganizedBy,
            TypesWithoutFile = TypesWithoutFile(status),

            // What an earlier manifest listed stays: an answer that lists less than the one before must not make the export look complete.
            Files = [.. status.Files.Select(file => Known(known, sources, file)), .. folder.Receipt.Files.Where(entry => !listed.Contains(entry.Name)).Select(entry => entry with { Unlisted = isWhole ? true : null })],
        });
        ExportFile[] repeated = [.. status.Files.Where(file => file is { Listed: > 1, Fault: null })];
        if (isWhole && repeated.Length > 0)
        {
            report(new Caution($"The manifest of group {job.GroupName} lists the same URL several times: {SaveOutcome.Listed([.. repeated.Select(file => file.Name)])}. Each file is downloaded once. If data is missing, contact the server administrator."));
        }

        if (isWhole && folder.Receipt.Files.Count > status.Files.Length)
        {
            report(new Caution($"The server now lists {status.Files.Length} files for group {job.GroupName} where it listed {folder.Receipt.Files.Count} before. Files that it no longer lists stay in the folder, and the receipt stays {ExportReceipt.Incomplete}. If the new list is right, save the export to an empty folder."));
        }
    }

    /// <summary>The entry of an earlier run, if it is of the same file: servers do not always list files in the same order.</summary>
    private static ReceiptEntry Known(Dictionary<string, ReceiptEntry> known, FileSources sources, ExportFile file)
    {
        ReceiptEntry planned = ReceiptEntry.Of(file) with { Source = sources.Of(file) };
        return known.TryGetValue(file.Name, out ReceiptEntry? entry) && entry.Source == planned.Source && IsOfCount(entry, planned.ExpectedCount)
            ? Placed(entry, planned) with { ExpectedCount = planned.ExpectedCount, Unlisted = null, Recovered = null }
            : planned;
    }

    /// <summary>Of an entry from a damaged receipt only what the file itself proves is kept.</summary>
    private static ReceiptEntry Placed(ReceiptEntry entry, ReceiptEntry planned) => entry.Recovered is true
        ? entry with { Page = planned.Page, Index = planned.Index, ContinuesIn = planned.ContinuesIn }
        : entry;

    private static bool IsOfCount(ReceiptEntry entry, long? count) => entry.ExpectedCount == count || entry.Count == count;

    private string[] TypesWithoutFile(ExportStatus status) => status is { State: ExportStatus.Complete, OutputOrganizedBy: null }
        ? [.. folder.Receipt.Job.Types.Except(status.Files.Where(file => file.Kind == ExportFile.Output).Select(file => file.Type).OfType<string>().Concat(status.EmptyTypes))]
        : [];
}
