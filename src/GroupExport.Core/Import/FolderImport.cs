using GroupExport.Fhir;
using GroupExport.Files;
using GroupExport.Jobs;

namespace GroupExport.Import;

/// <summary>Chooses the files of a folder that are read: those that its receipt calls verified and that lie there as it says. No link is followed.</summary>
/// <param name="folder">The folder.</param>
/// <param name="receipt">Its receipt.</param>
internal sealed class FolderImport(string folder, ReceiptDocument receipt)
{
    private const int MostNames = 5;

    private readonly Lazy<Dictionary<string, ReceiptEntry>> _byName = new(() => receipt.Files.ToDictionary(entry => entry.OnDisk));

    /// <summary>Finds the files of a kind, in the order of the manifest.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="types">The types that are wanted; empty for all.</param>
    /// <param name="report">Takes what is wrong: files that should be there and are not, all of a sort in one message.</param>
    public IReadOnlyList<ImportFile> Find(ImportKind kind, IReadOnlySet<string> types, Action<ExportException> report)
    {
        List<ImportFile> found = [];
        List<string> missing = [];
        List<string> invalid = [];
        foreach (ReceiptEntry entry in receipt.Files.Where(entry => KindOf(entry.Kind) == kind && MayHold(entry, types)))
        {
            switch (entry.State)
            {
                // What is empty is not opened: a pipe in its place would never end.
                case ReceiptEntry.Saved when IsVerified(entry) && entry.StoredBytes == 0:
                    break;
                case ReceiptEntry.Saved when IsVerified(entry):
                    found.Add(new ImportFile(ExportFolder.PathOf(folder, entry.OnDisk), entry.IsCompressed) { Count = entry.Count, Sha256 = entry.Sha256 });
                    break;
                case ReceiptEntry.Invalid:
                    invalid.Add(entry.OnDisk);
                    break;
                default:
                    missing.Add(entry.OnDisk);
                    break;
            }
        }

        if (receipt is { HasManifest: false, Files.Count: 0 })
        {
            report(Failure(ExportErrorKind.FileFailed, "had not ended when its receipt was written, so that there is nothing to read", "goes on with it"));
        }

        if (missing.Count > 0)
        {
            report(Failure(ExportErrorKind.FileFailed, $"lacks {Listed(missing)}: not saved, or no longer as it was saved", "fetches what is missing"));
        }

        if (invalid.Count > 0)
        {
            report(Failure(ExportErrorKind.InvalidFile, $"holds {Listed(invalid)}, kept aside because it is not what the server promised; name it with its path to read it all the same", "-RetryInvalid fetches it anew"));
        }

        return found;
    }

    /// <summary>The entry of a file of the folder, by its name there; null when the receipt does not know it.</summary>
    public ReceiptEntry? EntryOf(string name) => _byName.Value.GetValueOrDefault(name);

    /// <summary>Whether a name is that of a manifest that was saved beside the files.</summary>
    public bool IsManifest(string name) => ManifestCopy.NamesFor(receipt).Contains(name);

    /// <summary>Whether the file lies there as it was saved.</summary>
    public bool IsVerified(ReceiptEntry entry) => entry.State == ReceiptEntry.Saved && entry.LinkIn(folder) is null && entry.LiesIn(folder);

    /// <summary>The kind of a file by its word in manifests.</summary>
    public static ImportKind KindOf(string kind) => kind switch
    {
        ExportFile.Deleted => ImportKind.Deleted,
        ExportFile.Error => ImportKind.Error,
        _ => ImportKind.Output,
    };

    /// <summary>Whether a file can hold what is wanted: the type that the manifest states is that of its lines, where R4 knows it and nothing was deleted.</summary>
    public static bool MayHold(ImportKind kind, string? type, IReadOnlySet<string> types) =>
        types.Count == 0 || kind != ImportKind.Output || type is null || ResourceTypes.Find(type) is not { } known || types.Contains(known);

    private bool MayHold(ReceiptEntry entry, IReadOnlySet<string> types) =>
        receipt.OutputOrganizedBy is not null || MayHold(KindOf(entry.Kind), entry.Type, types);

    private static string Listed(List<string> names) =>
        names.Count > MostNames ? $"{names.Count} files, the first of them {string.Join(", ", names.Take(MostNames))}" : string.Join(", ", names);

    private ExportException Failure(ExportErrorKind kind, string what, string remedy) =>
        new(kind, $"The export in {folder} {what}. Get-ExportReceipt '{folder}' | Save-ExportFiles {remedy}.") { Subject = folder };
}
