using GroupExport.Connections;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Saves one export to one folder: waits for it if need be, fetches what is missing, and closes the receipt.</summary>
internal sealed class SaveJob(ExportJob job, ExportFolder folder, Func<GroupExportConnection> connect, SaveOptions options, Action<ExportEvent> report)
{
    /// <summary>The names of the files to save; null means all.</summary>
    public IReadOnlySet<string>? Only { get; init; }

    /// <exception cref="ExportException">The export failed or is unknown, the token was rejected, or the disk failed. What is saved stays valid.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (folder.Receipt is { HasManifest: true, Files.Count: > 0 } && !folder.Receipt.Files.Any(IsWanted))
        {
            ReportSaved(folder.Receipt.Files.Where(IsSelected));
            await FinishAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        GroupExportConnection connection = connect();
        ExportStatus status = await CompleteStatusAsync(connection, cancellationToken).ConfigureAwait(false);
        Plan(status);
        await FetchAsync(connection, status, cancellationToken).ConfigureAwait(false);
        await FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<ExportStatus> CompleteStatusAsync(GroupExportConnection connection, CancellationToken cancellationToken)
    {
        if (job is ExportStatus { State: ExportStatus.Complete } known)
        {
            return known;
        }

        ExportStatus status = job is ExportStatus { State: ExportStatus.Failed } failed
            ? failed
            : await new StatusWait(connection, job, options.Wait, report).RunAsync(cancellationToken).ConfigureAwait(false);
        return status.State == ExportStatus.Failed ? throw status.ToFailure() : status;
    }

    private void Plan(ExportStatus status)
    {
        FileSources sources = new(status.Files);
        HashSet<string> listed = [.. status.Files.Select(file => file.Name)];
        Dictionary<string, ReceiptEntry> known = folder.Receipt.Files.ToDictionary(entry => entry.Name);
        string[] delivered = [.. status.Files.Where(file => file.Kind == ExportFile.Output).Select(file => file.Type).OfType<string>()];
        folder.Write(folder.Receipt with
        {
            State = ExportReceipt.Incomplete,
            HasManifest = true,
            TransactionTime = status.TransactionTime,
            Expires = status.Expires,
            OutputOrganizedBy = status.OutputOrganizedBy,
            TypesWithoutFile = status.OutputOrganizedBy is null ? [.. folder.Receipt.Job.Types.Except(delivered)] : [],

            // What an earlier manifest listed stays: an answer that lists less than the one before must not make the export look complete.
            Files = [.. status.Files.Select(file => Known(known, sources, file)), .. folder.Receipt.Files.Where(entry => !listed.Contains(entry.Name))],
        });
        if (folder.Receipt.Files.Count > status.Files.Length)
        {
            report(new Caution($"The server now lists {status.Files.Length} files for group {job.GroupId} where it listed {folder.Receipt.Files.Count} before. What is missing stays so in the receipt; ask the server's operator."));
        }
    }

    /// <summary>The entry of an earlier run, if it is of the same file: servers do not always list files in the same order.</summary>
    private static ReceiptEntry Known(Dictionary<string, ReceiptEntry> known, FileSources sources, ExportFile file)
    {
        ReceiptEntry planned = ReceiptEntry.Of(file) with { Source = sources.Of(file) };
        return known.TryGetValue(file.Name, out ReceiptEntry? entry) && entry.Source == planned.Source ? entry : planned;
    }

    private bool IsSelected(ReceiptEntry entry) => Only is null || Only.Contains(entry.Name);

    private bool IsWanted(ReceiptEntry entry) => IsSelected(entry) && !IsOnDisk(entry);

    private bool IsOnDisk(ReceiptEntry entry)
    {
        FileInfo file = new(folder.PathOf(entry.Name));
        return entry.State == ReceiptEntry.Saved && file.Exists && file.Length == entry.Bytes;
    }

    private async Task FetchAsync(GroupExportConnection connection, ExportStatus status, CancellationToken cancellationToken)
    {
        HashSet<string> wanted = [.. folder.Receipt.Files.Where(IsWanted).Select(entry => entry.Name)];
        ReportSaved(folder.Receipt.Files.Where(entry => IsSelected(entry) && !wanted.Contains(entry.Name)));
        ExportFile[] files = [.. status.Files.Where(file => wanted.Contains(file.Name))];
        SaveProgress progress = new(job, files.Length, report);
        Dictionary<string, ReceiptEntry> entries = folder.Receipt.Files.ToDictionary(entry => entry.Name);
        bool checkCount = status.OutputOrganizedBy is null;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.ThrottleLimit, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(files, parallel, async (file, token) =>
        {
            await options.Slots.WaitAsync(token).ConfigureAwait(false);
            try
            {
                ReceiptEntry planned = entries[file.Name];
                FileDownload download = new(connection, file, planned, folder, options, checkCount, report, progress.AddBytes);
                await SaveOneAsync(download, file, planned, token).ConfigureAwait(false);
                progress.AddFile();
            }
            finally
            {
                options.Slots.Release();
            }
        }).ConfigureAwait(false);
    }

    private async Task SaveOneAsync(FileDownload download, ExportFile file, ReceiptEntry planned, CancellationToken cancellationToken)
    {
        try
        {
            ReceiptEntry entry = await download.RunAsync(cancellationToken).ConfigureAwait(false);
            folder.Record(entry);
            report(new FileDone(Receipts.ToSavedFile(entry, folder, entry.State)));
            if (download.Flaw is { } flaw)
            {
                report(new Failure(flaw));
            }
        }
        catch (ExportException failure) when (failure.Kind is ExportErrorKind.FileFailed or ExportErrorKind.UntrustedFileOrigin or ExportErrorKind.InvalidServerUri or ExportErrorKind.UnsafeRedirect)
        {
            ReceiptEntry entry = planned with { State = ReceiptEntry.Failed };
            folder.Record(entry);
            report(new FileDone(Receipts.ToSavedFile(entry, folder, entry.State)));
            report(new Failure(failure));
        }
    }

    private void ReportSaved(IEnumerable<ReceiptEntry> entries)
    {
        foreach (ReceiptEntry entry in entries)
        {
            report(new FileDone(Receipts.ToSavedFile(entry, folder, "AlreadySaved")));
        }
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        ReceiptDocument receipt = Receipts.Read(folder.FullPath);
        ServerMessages messages = new();
        foreach (ReceiptEntry entry in receipt.Files.Where(entry => entry.Kind == ExportFile.Error && IsOnDisk(entry)))
        {
            await messages.ReadAsync(folder.PathOf(entry.Name), cancellationToken).ConfigureAwait(false);
        }

        string state = State(receipt, messages.Counts);
        folder.Write(receipt with { State = state, Messages = messages.Counts });
        ReportOutcome(receipt, state, messages);
    }

    private string State(ReceiptDocument receipt, MessageCounts messages)
    {
        if (receipt.Files.Count == 0)
        {
            return ExportReceipt.Empty;
        }

        if (!receipt.Files.All(IsOnDisk))
        {
            return ExportReceipt.Incomplete;
        }

        return messages.Fatal + messages.Error > 0 ? ExportReceipt.CompletedWithErrors : ExportReceipt.Complete;
    }

    private void ReportOutcome(ReceiptDocument receipt, string state, ServerMessages messages)
    {
        if (state == ExportReceipt.Empty)
        {
            report(new Caution($"The export of group {job.GroupId} has no files: nothing in the group matches the request, or the client may not see it."));
        }

        if (messages.FirstWarnings.Count > 0)
        {
            report(new Caution($"The server reports {messages.Counts.Warning} warnings for group {job.GroupId}: {string.Join("; ", messages.FirstWarnings)}"));
        }

        if (messages.FirstProblems.Count > 0)
        {
            string said = string.Join("; ", messages.FirstProblems);
            report(new Failure(new ExportException(
                ExportErrorKind.ServerReportedErrors,
                $"The server reports {messages.Counts.Fatal + messages.Counts.Error} errors in the export of group {job.GroupId}: {said}. All files are saved, but data may be missing; see the files under {Path.Combine(folder.FullPath, "error")}.")
            {
                Subject = job,
                ServerMessage = said,
            }));
        }
    }
}
