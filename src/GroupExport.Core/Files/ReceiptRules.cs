using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Manifests;

namespace GroupExport.Files;

/// <summary>Determines whether the values of a receipt can be those of an export, so that whoever reads them need not ask again.</summary>
internal static class ReceiptRules
{
    /// <summary>More than a manifest may have (<see cref="ManifestPages"/>).</summary>
    private const int MaxPages = 1_000_000;

    private static readonly string[] s_states = [ExportReceipt.Complete, ExportReceipt.CompletedWithErrors, ExportReceipt.Incomplete, ExportReceipt.Empty];
    private static readonly string[] s_entryStates = [ReceiptEntry.Planned, ReceiptEntry.Saved, ReceiptEntry.Invalid, ReceiptEntry.Failed];

    /// <summary>Returns what is wrong with a receipt; <c>null</c> if nothing is. It may hold null wherever JSON can.</summary>
    public static string? Violation(ReceiptDocument receipt) => receipt switch
    {
        { Version: not ReceiptDocument.NewestVersion } => "is not of a version that this module knows",
        { Job: null } => "has no job",
        _ when !IsStatusUrl(receipt.Job.StatusUrl) => "has a job without a status URL",
        { Job.PatientCount: < 0 } => "has a number below zero",
        { Files: null } or { TypesWithoutFile: null } or { Messages: null } => "lacks one of its lists",
        _ when !s_states.Contains(receipt.State) => "has an unknown state",
        { ManifestPages: < 1 or > MaxPages } => "has a number of pages that no manifest has",
        { Messages: { Fatal: < 0 } or { Error: < 0 } or { Warning: < 0 } or { Information: < 0 } } => "has a number below zero",
        _ => Violation(receipt.Files) ?? Contradiction(receipt),
    };

    /// <summary>Returns what is wrong with the entry of a file; <c>null</c> if nothing is.</summary>
    public static string? Violation(ReceiptEntry? entry) => entry switch
    {
        null => "lacks a file",
        _ when !HasOwnNames(entry) => "names files otherwise than this module does, so that it is not as it was written",
        { Kind: not (ExportFile.Output or ExportFile.Deleted or ExportFile.Error) } => "has a file of an unknown kind",
        _ when KindByName(entry.Name) != entry.Kind => "has a file of another kind than its name says",
        _ when !s_entryStates.Contains(entry.State) => "has a file in an unknown state",
        { State: ReceiptEntry.Saved, Sha256: null } => "has a saved file without a SHA-256",
        { Page: < 0 or > MaxPages } => "has a number of pages that no manifest has",
        _ when HasNegative(entry) => "has a number below zero",
        _ => null,
    };

    private static string? Violation(IReadOnlyList<ReceiptEntry> files)
    {
        if (files.Select(Violation).FirstOrDefault(violation => violation is not null) is { } found)
        {
            return found;
        }

        if (files.DistinctBy(file => file.Name).Count() < files.Count)
        {
            return "names a file twice";
        }

        return CanBeSummed(files.Select(file => file.Bytes)) && CanBeSummed(files.Select(file => file.StoredBytes)) && CanBeSummed(files.Select(file => file.Count ?? 0))
            ? null
            : "has numbers that are too large";
    }

    private static string? Contradiction(ReceiptDocument receipt) => receipt.State switch
    {
        ExportReceipt.Complete or ExportReceipt.CompletedWithErrors when receipt.Files.Count == 0 => "says that files are saved and lists none",
        ExportReceipt.Complete or ExportReceipt.CompletedWithErrors when !receipt.HasManifest => "says that all is saved without a manifest",
        ExportReceipt.Empty when receipt.Files.Any(file => file.Kind == ExportFile.Output) => "says that the export is empty and lists files",
        _ => null,
    };

    /// <summary>A name that this module did not give could lead out of the folder.</summary>
    private static bool HasOwnNames(ReceiptEntry entry) =>
        FileNames.HasForm(entry.Name) && (entry.ContinuesIn is null || FileNames.HasForm(entry.ContinuesIn));

    private static string KindByName(string name) => name.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? name[..end] : ExportFile.Output;

    private static bool IsStatusUrl(string? url) => ServerUrl.Of(url ?? "").IsHttp;

    private static bool HasNegative(ReceiptEntry entry) =>
        new[] { entry.Bytes, entry.StoredBytes, entry.Count ?? 0, entry.ExpectedCount ?? 0, entry.AnswerBytes ?? 0, entry.BadLines, entry.ResumedBytes, entry.Index, entry.Attempts }.Any(number => number < 0)
        || entry.Seconds < 0;

    private static bool CanBeSummed(IEnumerable<long> numbers)
    {
        decimal sum = 0;
        foreach (long number in numbers)
        {
            sum += number;
        }

        return sum <= long.MaxValue;
    }
}
