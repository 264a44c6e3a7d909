using GroupExport.Disk;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>A folder that this process alone saves to, until it is disposed.</summary>
internal sealed class ExportFolder : IDisposable
{
    /// <summary>Holds the lock (<see cref="FileLock"/>).</summary>
    public const string LockName = ".export.lock";

    private readonly FileStream _lock;
    private readonly ReceiptStore _store;
    private readonly object _gate = new();
    private ReceiptSalvage? _salvage;

    private ExportFolder(string path, FileStream exclusive)
    {
        FullPath = path;
        _lock = exclusive;
        _store = new ReceiptStore(path);
    }

    public string FullPath { get; }

    /// <summary>How an export is gone on with. Not "run the same line again": a line that begins with New-GroupExport would start a second export.</summary>
    public string Advice => $"Get-ExportReceipt '{FullPath}' | Save-ExportFiles fetches what is missing.";

    /// <summary>The receipt as it stands.</summary>
    public ReceiptDocument Receipt { get; private set; } = null!;

    /// <summary>Makes the folder if need be, takes its lock, and records the job before anything else is done for it, so that it is never lost.</summary>
    /// <exception cref="ExportException">It cannot be written to, another process saves to it, or it holds another export.</exception>
    public static ExportFolder OpenFor(ExportJob job, string path)
    {
        ExportFolder folder = Open(path);
        try
        {
            folder.Adopt(job);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static ExportFolder Open(string path)
    {
        try
        {
            PrivateFiles.CreateFolder(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, fault);
        }

        RequireOwnFolders(path);
        return new ExportFolder(path, Lock(path));
    }

    /// <summary>Makes the folder of a file if it does not exist.</summary>
    /// <exception cref="ExportException">A link or a file is in its place, or it cannot be made.</exception>
    public void MakeFolderOf(string name)
    {
        RequireOwnFolders(FullPath);
        OnDisk(() => PrivateFiles.CreateFolder(Path.GetDirectoryName(PathOf(name))!));
    }

    /// <summary>What is written to a folder that is a link lands where nobody looks for it, and may be somebody else's.</summary>
    private static void RequireOwnFolders(string path)
    {
        foreach (string name in new[] { ExportFile.Deleted, ExportFile.Error })
        {
            string below = Path.Combine(path, name);
            if (OrdinaryFile.IsLink(below) || File.Exists(below))
            {
                throw new ExportException(
                    ExportErrorKind.FolderNotWritable,
                    $"{below} is {(OrdinaryFile.IsLink(below) ? "a link, which is not followed" : "not a folder")}. Remove it, or save to another folder.")
                {
                    Subject = path,
                };
            }
        }
    }

    private void Adopt(ExportJob job)
    {
        ReceiptDocument? known = ReadOrSalvage(job);
        if (known is not null && known.Job.StatusUrl != job.StatusUrl)
        {
            throw new ExportException(
                ExportErrorKind.FolderHoldsOtherExport,
                $"{FullPath} holds the files of another export (group {known.Job.GroupName}, started {known.Job.StartedAt:u}). Save this one to a folder of its own; the job is the target of this error.")
            {
                Subject = job,
            };
        }

        Receipt = known ?? new ReceiptDocument { Job = new ExportJob(job) };
        if (known is null && _salvage is null)
        {
            Write(Receipt);
        }
    }

    /// <summary>The receipt; null if there is none, or a damaged one of this job, which stays until its files are verified.</summary>
    private ReceiptDocument? ReadOrSalvage(ExportJob job)
    {
        try
        {
            return _store.Read();
        }
        catch (ExportException damaged) when (damaged.Kind == ExportErrorKind.InvalidReceipt && _store.FindSalvage(job) is { } salvage)
        {
            _salvage = salvage;
            return null;
        }
        catch (ExportException damaged) when (damaged.Kind == ExportErrorKind.InvalidReceipt && _store.IsOfUnknownJob)
        {
            throw new ExportException(
                ExportErrorKind.InvalidReceipt,
                $"The receipt in {FullPath} is damaged, and does not show whether it is of this export. Save this one to an empty folder.",
                damaged)
            {
                Subject = FullPath,
            };
        }
    }

    /// <summary>Replaces a damaged receipt by one of the files that are verified; does nothing where the receipt is good.</summary>
    /// <param name="takesOver">Whether files are taken over at all.</param>
    /// <param name="parallel">How many files are read at once.</param>
    /// <param name="report">Is told what was taken over.</param>
    /// <param name="cancellationToken">Ends the reading; the damaged receipt then stays.</param>
    public async Task RecoverAsync(bool takesOver, int parallel, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        if (_salvage is not { } salvage)
        {
            return;
        }

        IReadOnlyList<ReceiptEntry> verified = takesOver ? await salvage.VerifyAsync(FullPath, parallel, cancellationToken).ConfigureAwait(false) : [];
        OnDisk(() => _store.KeepDamaged(salvage.Content));
        Write(Receipt with { Files = verified });
        _salvage = null;
        report(new Caution($"The receipt in {FullPath} was damaged and is set aside as {ReceiptStore.DamagedName}. {verified.Count} of {salvage.RecordedCount} saved files that it shows have the recorded SHA-256 and are kept; all others are fetched again."));
    }

    /// <summary>Reads the receipt again, with all that was recorded since.</summary>
    public void Refresh() => Receipt = _store.Read() ?? Receipt;

    /// <summary>Rewrites the receipt.</summary>
    public void Write(ReceiptDocument receipt)
    {
        lock (_gate)
        {
            Receipt = receipt;
            OnDisk(() => _store.Write(receipt));
        }
    }

    /// <summary>Records files that are verified, so that the record survives a power cut as they do.</summary>
    public void Record(IReadOnlyCollection<ReceiptEntry> verified) => Append(verified, flush: true);

    /// <summary>Notes how far a file is.</summary>
    public void Record(ReceiptEntry entry) => Append([entry], flush: false);

    private void Append(IReadOnlyCollection<ReceiptEntry> entries, bool flush)
    {
        lock (_gate)
        {
            OnDisk(() => _store.Append(entries, flush));
        }
    }

    /// <summary>The full path of a name that this module gave.</summary>
    public string PathOf(string name) => PathOf(FullPath, name);

    /// <summary>The same for a folder that is only read.</summary>
    public static string PathOf(string folder, string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The full path of the part of a file that is being fetched.</summary>
    public string PartOf(string name, bool isCompressed) => PathOf(ReceiptEntry.StoredName(name, isCompressed)) + ".part";

    public void Dispose() => _lock.Dispose();

    /// <summary>Runs a write and tells a fault of the disk from one of the network.</summary>
    public static void OnDisk(Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw DiskFault(fault);
        }
    }

    /// <summary>A fault of the disk, told from one of the network.</summary>
    public static ExportException DiskFault(Exception fault) => new(
        ExportErrorKind.DiskWriteFailed,
        $"Writing to disk failed: {fault.Message} What is saved so far is good; free the disk or restore the permission, then pipe Get-ExportReceipt of this folder to Save-ExportFiles.",
        fault);

    private static FileStream Lock(string path)
    {
        try
        {
            return FileLock.TryTake(Path.Combine(path, LockName)) ?? throw new ExportException(
                ExportErrorKind.FolderInUse,
                $"Another process is saving to {path}. Wait for it to end, or choose another folder.")
            {
                Subject = path,
            };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, fault);
        }
    }

    /// <summary>Says before anything is sent whether a folder could be saved to; leaves no trace.</summary>
    /// <exception cref="ExportException">It cannot be written to, or another process saves to it.</exception>
    public static void Probe(string path)
    {
        RequireOwnFolders(path);
        new ReceiptStore(path).Probe();
        if (Path.Exists(Path.Combine(path, LockName)) || OrdinaryFile.IsLink(Path.Combine(path, LockName)))
        {
            Lock(path).Dispose();
            return;
        }

        string existing = path;
        while (!Directory.Exists(existing) && !File.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        try
        {
            string probe = Path.Combine(existing, $".export.{Guid.NewGuid():N}");
            new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, fault);
        }
    }

    private static ExportException NotWritable(string path, Exception fault) =>
        new(ExportErrorKind.FolderNotWritable, $"{path} cannot be written to ({fault.Message}). Choose another folder or get the right to write there.", fault) { Subject = path };
}
