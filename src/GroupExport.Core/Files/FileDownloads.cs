using GroupExport.Connections;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Fetches files side by side. One that fails never stops the others, unless none could be had any more.</summary>
internal sealed class FileDownloads(GroupExportConnection connection, ExportJob job, ExportFolder folder, FreshLinks links, SaveOptions options, Action<ExportEvent> report)
{
    private readonly Dictionary<string, ReceiptEntry> _entries = folder.Receipt.Files.ToDictionary(entry => entry.Name);

    public async Task RunAsync(IReadOnlyCollection<ExportFile> files, CancellationToken cancellationToken)
    {
        SaveProgress progress = new(job, files, report);
        Dictionary<string, ExportFile> byName = files.ToDictionary(file => file.Name);
        VerifiedFiles verified = new(folder, options.ThrottleLimit, fetched => Tell(fetched, byName[fetched.Entry.Name]));
        await using (verified.ConfigureAwait(false))
        {
            ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.ThrottleLimit, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(files, parallel, (file, token) => FetchAsync(file, progress, verified, token)).ConfigureAwait(false);
            await verified.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask FetchAsync(ExportFile file, SaveProgress progress, VerifiedFiles verified, CancellationToken cancellationToken)
    {
        FetchedFile? fetched;
        await options.Slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        FileProgress own = progress.Begin(file);
        try
        {
            fetched = await FetchOrFailAsync(file, own, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            progress.End(own);
            options.Slots.Release();
        }

        if (fetched is not null)
        {
            await verified.AddAsync(fetched).ConfigureAwait(false);
        }
    }

    private async Task<FetchedFile?> FetchOrFailAsync(ExportFile file, FileProgress progress, CancellationToken cancellationToken)
    {
        ReceiptEntry planned = _entries[file.Name];
        FileDownload download = new(connection, file, planned, folder, links, options, progress, report);
        FetchedFile? fetched = null;
        report(new FileAsked(file));
        try
        {
            return fetched = await download.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ExportException failure) when (failure.Kind is ExportErrorKind.FileFailed or ExportErrorKind.FileRejected or ExportErrorKind.UntrustedFileOrigin or ExportErrorKind.InvalidServerUri or ExportErrorKind.UnsafeServerUrl or ExportErrorKind.UnsafeRedirect)
        {
            ReceiptEntry entry = download.Planned with { State = ReceiptEntry.Failed, Attempts = download.Attempts };
            folder.Record(entry);
            report(new FileLost(file, failure));
            report(new FileDone(Receipts.ToSavedFile(entry, folder, entry.State)));
            report(new Failure(failure));
            return null;
        }
        catch (ExportException failure)
        {
            report(new FileLost(file, failure));
            throw;
        }
        finally
        {
            // Who verifies the file closes it.
            if (fetched is null)
            {
                download.Dispose();
            }
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
}
