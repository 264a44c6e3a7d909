using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>
/// Keeps a finished export from being removed from the server before its files are verified, where a receipt or a job file tells that they are not:
/// files can go at once (Bulk Data Access, "Bulk Data Delete Request"). Cancelling one that runs is never refused.
/// </summary>
/// <param name="connection">The connection to ask for the status.</param>
/// <param name="job">The job that is to be removed.</param>
/// <param name="folder">The folder that its files should be in, or null.</param>
internal sealed class RemovalGuard(GroupExportConnection connection, ExportJob job, string? folder)
{
    /// <exception cref="ExportException">Files would be lost (<see cref="ExportErrorKind.FilesNotVerified"/>), or nobody can tell.</exception>
    public async Task CheckAsync(Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        if (Missing() is { } missing && await FinishedAsync(report, cancellationToken).ConfigureAwait(false) is { } finished)
        {
            throw new ExportException(
                ExportErrorKind.FilesNotVerified,
                $"{missing}, and {finished}. It was not removed, because its files may go with it: save them first, or give -Force when nobody needs them.")
            {
                Subject = job,
            };
        }
    }

    /// <summary>What tells that files are missing; null when all are verified, or nothing tells.</summary>
    private string? Missing()
    {
        if (folder is not null)
        {
            return MissingIn(folder);
        }

        bool tells = job.JobFile is { } path && JobFile.Read(path) is { State: JobFileDocument.Running or JobFileDocument.Failed } known && known.Job?.StatusUrl == job.StatusUrl;
        return tells ? $"By the job file {job.JobFile} the files of this export are not saved" : null;
    }

    private string? MissingIn(string place)
    {
        if (!File.Exists(Path.Combine(place, ReceiptStore.ReceiptName)))
        {
            return $"{place} has no receipt of this export";
        }

        ExportReceipt receipt = Receipts.Open(place);
        if (receipt.StatusUrl != job.StatusUrl)
        {
            return $"{place} holds another export";
        }

        return receipt.State == ExportReceipt.Incomplete ? $"{place} has {receipt.SavedCount} of {receipt.FileCount} files of this export" : null;
    }

    /// <summary>What tells that there are files to lose; null when there are none.</summary>
    private async Task<string?> FinishedAsync(Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        ExportStatus status;
        if (job is ExportStatus { State: not ExportStatus.InProgress } known)
        {
            status = known;
        }
        else
        {
            try
            {
                StatusAnswer answer = await new StatusRequest(connection, job, new WaitOptions().MaxRetryAfter, TransientRetry.Default).SendAsync(report, cancellationToken).ConfigureAwait(false);
                if (answer.Trouble is { } trouble)
                {
                    return $"the server cannot say at present whether it is finished ({trouble})";
                }

                status = answer.Status;
            }
            catch (ExportException gone) when (gone.Kind == ExportErrorKind.JobNotFound)
            {
                return null;
            }
        }

        return status.State == ExportStatus.Complete && status.Files.Length > 0 ? $"it is finished with {status.Files.Length} files" : null;
    }
}
