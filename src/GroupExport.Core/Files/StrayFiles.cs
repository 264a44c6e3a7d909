using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Finds what lies in a folder and is nothing that its receipt knows. Links are named and not followed.</summary>
internal sealed class StrayFiles(ReceiptDocument receipt, string folder)
{
    private const string PartEnding = ".part";

    public const string AuditLogName = "log.ndjson";

    private static readonly StringComparer s_names =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>What the module itself keeps beside the files.</summary>
    private static readonly HashSet<string> s_own = new(s_names)
    {
        ExportFolder.LockName,
        ReceiptStore.ReceiptName,
        ReceiptStore.ReceiptName + PartEnding,
        ReceiptStore.JournalName,
        ReceiptStore.DamagedName,

        // The audit log, where others look for it too (SMART's bulk-data-client writes it, Cumulus reads it there).
        AuditLogName,
    };

    /// <summary>Hidden files too; a folder that may not be read has nothing to say.</summary>
    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    private readonly HashSet<string> _known = new(receipt.Files.SelectMany(KnownNames).Concat(ManifestCopy.NamesFor(receipt)), s_names);
    private readonly HashSet<string> _names = new(receipt.Files.Select(entry => entry.OnDisk), s_names);

    /// <summary>Whether a name is one of the module's own, beside the files.</summary>
    public static bool IsOwn(string name) => s_own.Contains(name);

    public IReadOnlyList<FileCheck> Find() =>
        [.. In("").Concat(In(ExportFile.Deleted)).Concat(In(ExportFile.Error)).OrderBy(stray => stray.Name, StringComparer.Ordinal)];

    /// <summary>One that lies at a path, if it is there.</summary>
    public FileCheck? Find(string name)
    {
        string path = ExportFolder.PathOf(folder, name);
        FileInfo file = new(path);
        return file.Exists || file.LinkTarget is not null ? Stray(name, file) : null;
    }

    private IEnumerable<FileCheck> In(string below)
    {
        DirectoryInfo place = new(Path.Combine(folder, below));
        if (!place.Exists || (below.Length > 0 && place.LinkTarget is not null))
        {
            return [];
        }

        return place.EnumerateFileSystemInfos("*", s_all)
            .Select(found => (Name: below.Length == 0 ? found.Name : $"{below}/{found.Name}", Found: found))
            .Where(entry => !IsKnown(entry.Name, entry.Found))
            .Select(entry => Stray(entry.Name, entry.Found));
    }

    private bool IsKnown(string name, FileSystemInfo found) =>
        _known.Contains(name) || s_own.Contains(name) ||
        (found is DirectoryInfo { LinkTarget: null } && name is ExportFile.Deleted or ExportFile.Error) ||
        (found is DirectoryInfo && _names.Any(known => known.StartsWith(name + "/", StringComparison.Ordinal)));

    /// <summary>The names under which a file may lie there. One that is not saved may be in any state between two runs.</summary>
    private static IEnumerable<string> KnownNames(ReceiptEntry entry) => entry.State is ReceiptEntry.Saved or ReceiptEntry.Invalid
        ? [entry.OnDisk]
        : new[] { "", PartEnding, ReceiptEntry.AsideEnding }.SelectMany(ending => new[] { entry.Name + ending, ReceiptEntry.StoredName(entry.Name, isCompressed: true) + ending });

    private FileCheck Stray(string name, FileSystemInfo found) => new()
    {
        Name = name,
        State = FileCheck.Stray,
        Bytes = found is FileInfo { LinkTarget: null } file ? file.Length : null,
        Detail = Words(name, found),
        Path = found.FullName,
        GroupId = receipt.Job.GroupId,
    };

    private string Words(string name, FileSystemInfo found) => found switch
    {
        { LinkTarget: not null } => "a link that the receipt does not know",
        DirectoryInfo => "a folder that the receipt does not know",
        _ when IsRest(name) => "left over from fetching a file that is saved",
        _ => "the receipt does not know it",
    };

    private bool IsRest(string name) => name.EndsWith(PartEnding, StringComparison.Ordinal) && _names.Contains(name[..^PartEnding.Length]);
}
