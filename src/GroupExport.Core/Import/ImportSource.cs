using GroupExport.Files;

namespace GroupExport.Import;

/// <summary>Finds the files that are meant: by folders, by paths, or as objects. What is left out is said.</summary>
/// <param name="kind">The kind of files that is wanted.</param>
/// <param name="types">The resource types that are wanted; empty for all.</param>
/// <param name="report">Takes what is to be said.</param>
internal sealed class ImportSource(ImportKind kind, IReadOnlySet<string> types, Action<ExportEvent> report)
{
    private readonly Dictionary<string, KnownFolder> _folders = [];
    private readonly HashSet<string> _found = [];

    /// <summary>Whether a name that a wildcard brought is one of an export's files, or may be; audit logs are not.</summary>
    public static bool LooksLikeOne(string path) =>
        Directory.Exists(path)
            ? File.Exists(Path.Combine(path, ReceiptStore.ReceiptName))
            : (path.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".ndjson.gz", StringComparison.OrdinalIgnoreCase)) && !LogBeginning.IsOfAuditLog(path);

    /// <summary>The files of a folder, or the file, that a path names, but for those that were found before: a listing of a folder names its files and its receipt, which stands for them all.</summary>
    /// <param name="path">A full path.</param>
    /// <exception cref="ExportException">There is neither.</exception>
    public IReadOnlyList<ImportFile> Find(string path) => Once(FindAll(path));

    /// <summary>The file that Save-ExportFiles or Get-ExportReceipt gave, unless it was found before.</summary>
    /// <exception cref="ExportException">It is not saved.</exception>
    public IReadOnlyList<ImportFile> Find(SavedFile file) => Once(FindSaved(file));

    private List<ImportFile> Once(IReadOnlyList<ImportFile> files)
    {
        List<ImportFile> once = [.. files.Where(file => _found.Add(file.Path))];
        if (once.Count < files.Count)
        {
            report(new Remark($"{files.Count - once.Count} of {files.Count} files are left out: they were read before."));
        }

        return once;
    }

    private IReadOnlyList<ImportFile> FindAll(string path)
    {
        CheckTarget target = CheckTarget.Of(path);
        if (target.Name is not null)
        {
            return FindFile(path, Folder(target.Folder), target.Name);
        }

        if (File.Exists(Path.Combine(target.Folder, ReceiptStore.ReceiptName)))
        {
            return Folder(target.Folder).Find(kind, types, failure => report(new Failure(failure)));
        }

        if (File.Exists(path))
        {
            return IsAuditLog(path) ? [] : [ImportFile.Of(path)];
        }

        throw new ExportException(
            ExportErrorKind.ReceiptNotFound,
            Directory.Exists(path)
                ? $"{path} has no {ReceiptStore.ReceiptName} that says which of its files are whole. Give the folder that Save-ExportFiles wrote to, or name its files: Import-ExportFiles '{Path.Combine(path, "*.ndjson*")}'."
                : $"There is no {path}. Give a folder that Save-ExportFiles wrote to, or a file of it.")
        {
            Subject = path,
        };
    }

    private IReadOnlyList<ImportFile> FindSaved(SavedFile file)
    {
        if (FolderImport.KindOf(file.Kind) != kind)
        {
            report(new Remark($"{file.Name} is left out: it is of kind {file.Kind}."));
            return [];
        }

        return file.State switch
        {
            "Saved" or "AlreadySaved" when !FolderImport.MayHold(kind, file.Type, types) => [],
            "Saved" or "AlreadySaved" => [ImportFile.Of(file.Path) with { Count = file.Count, Sha256 = file.Sha256 }],
            "Invalid" => throw NotVerified(file, ExportErrorKind.InvalidFile, "was kept aside because it is not what the server promised; name it with its path to read it all the same"),
            _ => throw NotVerified(file, ExportErrorKind.FileFailed, "is not saved, or no longer as it was saved"),
        };
    }

    private IReadOnlyList<ImportFile> FindFile(string path, FolderImport folder, string name)
    {
        if (folder.IsManifest(name))
        {
            report(new Remark($"{path} is left out: a manifest holds no resources."));
            return [];
        }

        ReceiptEntry? entry = folder.EntryOf(name);
        if (entry is not null && FolderImport.KindOf(entry.Kind) != kind)
        {
            report(new Caution($"{path} is left out: it is of kind {entry.Kind}. -Kind {FolderImport.KindOf(entry.Kind)} reads it."));
            return [];
        }

        if (!File.Exists(path))
        {
            throw new ExportException(ExportErrorKind.FileFailed, $"There is no {path}. Get-ExportReceipt '{Path.GetDirectoryName(path)}' | Save-ExportFiles fetches what is missing.") { Subject = path };
        }

        if (IsAuditLog(path))
        {
            return [];
        }

        if (entry is not null && folder.IsVerified(entry))
        {
            return [ImportFile.Of(path) with { Count = entry.Count, Sha256 = entry.Sha256 }];
        }

        report(new Caution($"{path} is read though the receipt does not call it verified: it may not be whole."));
        return [ImportFile.Of(path)];
    }

    private bool IsAuditLog(string path)
    {
        if (!LogBeginning.IsOfAuditLog(path))
        {
            return false;
        }

        report(new Caution($"{path} is left out: it is an audit log, which holds no resources."));
        return true;
    }

    /// <summary>The receipt is read again when it has changed: files may be saved meanwhile.</summary>
    private FolderImport Folder(string folder)
    {
        (DateTime, long) stamp = (Changed(folder, ReceiptStore.ReceiptName), Changed(folder, ReceiptStore.JournalName).Ticks);
        if (!_folders.TryGetValue(folder, out KnownFolder? known) || known.Stamp != stamp)
        {
            known = new KnownFolder(stamp, new FolderImport(folder, Receipts.Read(folder)));
            _folders[folder] = known;
        }

        return known.Content;
    }

    private static DateTime Changed(string folder, string name) => File.GetLastWriteTimeUtc(Path.Combine(folder, name));

    private static ExportException NotVerified(SavedFile file, ExportErrorKind error, string what) =>
        new(error, $"{file.Path} {what}. Pipe the job or receipt to Save-ExportFiles again.") { Subject = file };

    private sealed record KnownFolder((DateTime, long) Stamp, FolderImport Content);
}
