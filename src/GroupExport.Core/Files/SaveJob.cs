using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Saves one export to one folder: waits for it if need be, fetches what is missing, and closes the receipt.</summary>
internal sealed partial class SaveJob(ExportJob job, ExportFolder folder, Func<GroupExportConnection> connect, SaveOptions options, Action<ExportEvent> report)
{
    private const string PartialManifests = "allowPartialManifests";

    private readonly HashSet<string> _taken = [];
    private int _keptPages;
    private bool _hasFetched;

    /// <summary>The names of the files to save; null means all.</summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <summary>Gets a value indicating whether the export is to be removed from the server when it is complete.</summary>
    public bool RemovesWhenComplete { get; init; }

    /// <summary>Gets a value indicating whether the server was asked once more for its list of files and did not give it.</summary>
    public bool IsUnconfirmed { get; private set; }

    /// <exception cref="ExportException">The export failed or is unknown, the token was rejected, or the disk failed. What is saved stays valid.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await folder.RecoverAsync(!options.Force, options.ThrottleLimit, report, cancellationToken).ConfigureAwait(false);
        if (options.Force)
        {
            Forget();
        }

        if (EarlierJob.Warning(job, folder.Receipt.Job, folder.FullPath) is { } warning)
        {
            report(new Caution(warning));
        }

        if (folder.Receipt is { HasManifest: true, Files.Count: > 0 } && !folder.Receipt.Files.Any(entry => IsWanted(entry) || entry.Unlisted is true))
        {
            ReportKnown(folder.Receipt.Files.Where(IsSelected));
            GroupExportConnection? any = ConnectionIfAny();
            await FinishAsync(new ServerWords(any, job.Sent).Mask, cancellationToken).ConfigureAwait(false);
            if (RemovesWhenComplete && any is not null && folder.Receipt is { Confirmed: false, State: not ExportReceipt.Incomplete })
            {
                await ConfirmSavedAsync(any, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        GroupExportConnection connection = connect();
        StatusWait wait = new(connection, job, options.Wait, report);
        ExportStatus status;
        ExportStatus first;
        try
        {
            first = await TakeAllAsync(connection, wait, cancellationToken).ConfigureAwait(false);
            status = await ConfirmAsync(connection, wait, first, cancellationToken).ConfigureAwait(false);
        }
        catch (ExportException lost) when (lost.Kind is ExportErrorKind.InvalidManifest or ExportErrorKind.StatusUnavailable && wait.SoFar is not null)
        {
            // A page cannot be had: the client may keep what it has (Bulk Data Access 3, "link"), and the receipt says that it is not all.
            folder.Refresh();
            await TakeAsync(connection, Known(wait.SoFar), cancellationToken).ConfigureAwait(false);
            throw;
        }

        await FinishAsync(text => new ServerWords(connection, job.Sent).Mask(Signatures(status).Mask(Signatures(first).Mask(text))), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes what there is until the manifest is whole; gives the whole.</summary>
    private async Task<ExportStatus> TakeAllAsync(GroupExportConnection connection, StatusWait wait, CancellationToken cancellationToken)
    {
        ExportStatus status = Known(await FirstStatusAsync(wait, cancellationToken).ConfigureAwait(false));
        await TakeAsync(connection, status, cancellationToken).ConfigureAwait(false);
        while (status.State != ExportStatus.Complete)
        {
            ExportStatus next = Succeeded(await wait.NextAsync(status.Files.Length, cancellationToken).ConfigureAwait(false));
            folder.Refresh();
            status = Known(next);
            await TakeAsync(connection, status, cancellationToken).ConfigureAwait(false);
        }

        if (job is not ExportStatus { State: ExportStatus.Complete } && EarlierJob.Warning(status) is { } warning)
        {
            report(new Caution(warning));
        }

        return status;
    }

    /// <summary>A manifest that was read before, the whole of it, or, where the request allows it, the files that are ready first.</summary>
    private async Task<ExportStatus> FirstStatusAsync(StatusWait wait, CancellationToken cancellationToken) => job switch
    {
        ExportStatus { State: ExportStatus.Complete } known => known,
        ExportStatus { State: ExportStatus.Failed } failed => throw failed.ToFailure(),
        _ => Succeeded(await wait.NextAsync(job.Parameters.Contains(PartialManifests) ? 0 : int.MaxValue, cancellationToken).ConfigureAwait(false)),
    };

    private static ExportStatus Succeeded(ExportStatus status) => status.State == ExportStatus.Failed ? throw status.ToFailure() : status;

    /// <summary>Plans and fetches what the manifest lists, and keeps the manifest.</summary>
    private async Task TakeAsync(GroupExportConnection connection, ExportStatus status, CancellationToken cancellationToken)
    {
        Plan(status);
        ManifestCopy.Write(folder, status.ManifestTexts, from: Math.Max(1, _keptPages));
        _keptPages = status.ManifestTexts.Count;
        await FetchAsync(connection, status, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The connection, where there is one: nothing is sent over it, but it knows what may not be shown.</summary>
    private GroupExportConnection? ConnectionIfAny()
    {
        try
        {
            return connect();
        }
        catch (ExportException)
        {
            return null;
        }
    }

    private bool IsSelected(ReceiptEntry entry) => Only is null || Only.Contains(entry.Name);

    /// <summary>A file that was kept aside is fetched again only when that is asked for.</summary>
    private bool IsWanted(ReceiptEntry entry) =>
        IsSelected(entry) && !IsOnDisk(entry, ReceiptEntry.Saved) && (options.RetryInvalid || !IsOnDisk(entry, ReceiptEntry.Invalid));

    private bool IsDone(ReceiptEntry entry) => IsOnDisk(entry, ReceiptEntry.Saved) && entry.Unlisted is not true;

    private bool IsOnDisk(ReceiptEntry entry, string state) => entry.State == state && entry.LiesIn(folder.FullPath);

    private async Task FetchAsync(GroupExportConnection connection, ExportStatus status, CancellationToken cancellationToken)
    {
        HashSet<string> wanted = [.. folder.Receipt.Files.Where(entry => !_taken.Contains(entry.Name) && IsWanted(entry)).Select(entry => entry.Name)];
        ReportKnown(folder.Receipt.Files.Where(entry => IsSelected(entry) && _taken.Add(entry.Name) && !wanted.Contains(entry.Name)));
        ExportFile[] files = [.. status.Files.Where(file => wanted.Contains(file.Name))];
        if (!options.Compress)
        {
            FreeSpace.Require(folder.FullPath, files.Select(file => (file.FileSize ?? 0, folder.PartOf(file.Name, isCompressed: false))));
        }

        _hasFetched |= files.Length > 0;
        FreshLinks links = new(status, async token => Succeeded(await new StatusWait(connection, status, options.Wait, report).NextAsync(
            status.State == ExportStatus.Complete ? int.MaxValue : 0, token).ConfigureAwait(false)));
        await new FileDownloads(connection, job, folder, links, options, report).RunAsync(files, cancellationToken).ConfigureAwait(false);
    }

    private void ReportKnown(IEnumerable<ReceiptEntry> entries)
    {
        foreach (ReceiptEntry entry in entries)
        {
            bool isSaved = entry.State == ReceiptEntry.Saved;
            report(new FileDone(Receipts.ToSavedFile(entry, folder, isSaved ? "AlreadySaved" : entry.State)));
            if (!isSaved)
            {
                report(new Failure(FileFlaw.OfEarlierRun(entry, folder)));
            }
        }
    }

    private async Task FinishAsync(Func<string, string> mask, CancellationToken cancellationToken)
    {
        ReceiptDocument receipt = Receipts.Read(folder.FullPath);
        ServerMessages messages = new(mask);
        foreach (ReceiptEntry entry in receipt.Files.Where(entry => entry.Kind == ExportFile.Error && IsOnDisk(entry, ReceiptEntry.Saved)))
        {
            await messages.ReadAsync(folder.PathOf(entry.OnDisk), entry.IsCompressed, cancellationToken).ConfigureAwait(false);
        }

        string state = receipt.HasManifest && receipt.Files.All(IsDone) ? SaveOutcome.StateOf(receipt, messages.Counts) : ExportReceipt.Incomplete;
        folder.Write(receipt with { State = state, Messages = messages.Counts });
        if (state != ExportReceipt.Incomplete)
        {
            report(new ExportSaved(folder.Receipt));
        }

        new SaveOutcome(job, folder, report).Tell(state, messages);
    }

    private static HiddenValues Signatures(ExportStatus status) => new(status.Files.SelectMany(file => HiddenValues.OfQuery(file.Url)));
}
