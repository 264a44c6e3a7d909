using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Fetches files side by side. One that fails never stops the others, unless none could be had any more.</summary>
internal sealed class FileDownloads(GroupExportConnection connection, ExportJob job, ExportFolder folder, FreshLinks links, SaveOptions options, Action<ExportEvent> report)
{
    private readonly OriginPatience _patience = new(connection.Clock.GetUtcNow(), options.Wait.TransientTimeout, options.Retry.Attempts);
    private readonly Dictionary<string, ReceiptEntry> _entries = folder.Receipt.Files.ToDictionary(entry => entry.Name);

    public async Task RunAsync(IReadOnlyCollection<ExportFile> files, CancellationToken cancellationToken)
    {
        SaveProgress progress = new(job, files, report);
        Dictionary<string, ExportFile> byName = files.ToDictionary(file => file.Name);
        DownloadQueue<Running> queue = new(files.Select(file => new Running(file)), connection.Clock);
        VerifiedFiles verified = new(folder, options.ThrottleLimit, fetched => Tell(fetched, byName[fetched.Entry.Name]));
        await using (verified.ConfigureAwait(false))
        {
            try
            {
                ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.ThrottleLimit, CancellationToken = cancellationToken };
                IEnumerable<int> places = Enumerable.Range(0, Math.Min(options.ThrottleLimit, files.Count));
                await Parallel.ForEachAsync(places, parallel, (_, token) => WorkAsync(queue, progress, verified, token)).ConfigureAwait(false);
            }
            finally
            {
                foreach (Running waiting in queue.Clear())
                {
                    waiting.Download?.Dispose();
                }
            }

            await verified.CompleteAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Fetches one file after the other, until there are no more.</summary>
    private async ValueTask WorkAsync(DownloadQueue<Running> queue, SaveProgress progress, VerifiedFiles verified, CancellationToken cancellationToken)
    {
        while (await queue.TakeAsync(cancellationToken).ConfigureAwait(false) is { } running)
        {
            bool isLater = false;
            try
            {
                isLater = await FetchAsync(running, progress, verified, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (isLater)
                {
                    queue.PutBack(running, running.Download!.Due);
                }
                else
                {
                    queue.Done();
                }
            }
        }
    }

    /// <summary>Tries one file once. Returns whether it has to be tried again later.</summary>
    private async Task<bool> FetchAsync(Running running, SaveProgress progress, VerifiedFiles verified, CancellationToken cancellationToken)
    {
        bool isLater = false;
        FetchedFile? fetched = null;
        try
        {
            // A place is not held while the origin is left alone: other jobs have other origins.
            if (ServerUrl.Of(running.File.Url) is { IsUsable: true } url)
            {
                await connection.Pacing.Of(url.Uri).WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            await options.Slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                (fetched, isLater) = await TryAsync(running, progress, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                options.Slots.Release();
            }
        }
        finally
        {
            if (!isLater && running.Progress is { } own)
            {
                progress.End(own);
            }

            // The one that verifies the file closes it.
            if (!isLater && fetched is null)
            {
                running.Download?.Dispose();
            }
        }

        if (fetched is not null)
        {
            await verified.AddAsync(fetched).ConfigureAwait(false);
        }

        return isLater;
    }

    private async Task<(FetchedFile? Fetched, bool IsLater)> TryAsync(Running running, SaveProgress progress, CancellationToken cancellationToken)
    {
        ExportFile file = running.File;
        if (running.Download is null)
        {
            running.Progress = progress.Begin(file);
            running.Download = new FileDownload(connection, file, _entries[file.Name], folder, links, options, _patience, running.Progress, report);
            report(new FileAsked(file));
        }

        try
        {
            FetchedFile? fetched = await running.Download.TryAsync(cancellationToken).ConfigureAwait(false);
            return (fetched, fetched is null);
        }
        catch (ExportException failure) when (failure.Kind is ExportErrorKind.FileFailed or ExportErrorKind.FileRejected or ExportErrorKind.UntrustedFileOrigin or ExportErrorKind.InvalidServerUri or ExportErrorKind.UnsafeServerUrl or ExportErrorKind.UnsafeRedirect)
        {
            ReceiptEntry entry = running.Download.Planned with { State = ReceiptEntry.Failed, Attempts = running.Download.Attempts };
            folder.Record(entry);
            report(new FileLost(file, failure));
            report(new FileDone(Receipts.ToSavedFile(entry, folder, entry.State)));
            report(new Failure(failure));
            return (null, false);
        }
        catch (ExportException failure)
        {
            report(new FileLost(file, failure));
            throw;
        }
    }

    private void Tell(FetchedFile file, ExportFile asked)
    {
        report(file.Flaw is null ? new FileKept(asked, file.Entry) : new FileLost(asked, file.Flaw));
        report(new FileDone(Receipts.ToSavedFile(file.Entry, folder, file.Entry.State)));
        if (file.Flaw is { } flaw)
        {
            report(new Failure(flaw));
        }

        if (file.Entry is { ProvedBy: Proof.Unproven, State: ReceiptEntry.Saved })
        {
            report(new Caution($"Nothing proves that {file.Entry.Name} came whole: the server told neither its length nor its count and ended it by closing the connection. Compare it with what you expect."));
        }
    }

    /// <summary>A file of the run, and its download once that began.</summary>
    private sealed class Running(ExportFile file)
    {
        public ExportFile File => file;

        public FileDownload? Download { get; set; }

        public FileProgress? Progress { get; set; }
    }
}
