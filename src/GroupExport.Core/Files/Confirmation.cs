using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>
/// Asks for the status once more before an export counts as complete: there are servers whose first manifest does not list every file. A server that
/// does not answer leaves the export as it is.
/// </summary>
/// <param name="wait">Asks, no sooner than the last answer allows.</param>
/// <param name="report">Takes what is done.</param>
internal sealed class Confirmation(StatusWait wait, Action<ExportEvent> report)
{
    /// <summary>Gets a value indicating whether the server has removed the job, so that there is nothing left to ask.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Asks.</summary>
    /// <returns>The status, complete or in progress; null if the server does not give it.</returns>
    public async Task<ExportStatus?> AskAsync(CancellationToken cancellationToken)
    {
        string why;
        try
        {
            StatusAnswer? answer = await wait.OnceMoreAsync(cancellationToken).ConfigureAwait(false);
            if (answer is { Trouble: null, Status.State: not ExportStatus.Failed })
            {
                return answer.Status;
            }

            why = answer is null ? "there was no time to ask" : answer.Trouble ?? answer.Status.Progress ?? "the server now says that the export failed";
        }
        catch (ExportException exception)
        {
            IsGone = exception.Kind == ExportErrorKind.JobNotFound;
            why = exception.Message;
        }

        report(new Remark($"The list of files was not confirmed by a second status request ({why}). The receipt says so: Confirmed is false."));
        return null;
    }
}
