namespace GroupExport.Jobs;

/// <summary>Notes in the job file of a job, where it has one, what became of it. A file that tells of another job by now is left alone.</summary>
internal static class JobFileMarks
{
    /// <summary>All files are saved to the folder.</summary>
    public static Task SavedAsync(ExportJob job, string folder, Action<ExportEvent> report, CancellationToken cancellationToken) => MarkAsync(
        job,
        known => known.State == JobFileDocument.Deleted ? null : known with { State = JobFileDocument.Saved, Folder = folder, Reason = null },
        report,
        cancellationToken);

    /// <summary>The job is no longer at the server, because it was removed.</summary>
    public static Task DeletedAsync(ExportJob job, Action<ExportEvent> report, CancellationToken cancellationToken) =>
        MarkAsync(job, known => known with { State = JobFileDocument.Deleted }, report, cancellationToken);

    /// <summary>Asks for a status, and notes when it says, or fails because, the export is no more.</summary>
    public static async Task WatchAsync(ExportJob job, Func<Task<ExportStatus>> ask, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        try
        {
            ExportStatus status = await ask().ConfigureAwait(false);
            if (status.State == ExportStatus.Failed)
            {
                await FailedAsync(job, ExportErrorKind.ExportFailed, report, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ExportException failure) when (IsEnd(failure))
        {
            await FailedAsync(job, failure.Kind, report, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether a failure says that nothing more will come of the job.</summary>
    public static bool IsEnd(ExportException failure) => failure.Kind is ExportErrorKind.ExportFailed or ExportErrorKind.JobNotFound;

    /// <summary>Nothing more will come of the job. What is saved stays saved.</summary>
    public static Task FailedAsync(ExportJob job, ExportErrorKind reason, Action<ExportEvent> report, CancellationToken cancellationToken) => MarkAsync(
        job,
        known => known.State == JobFileDocument.Running ? known with { State = JobFileDocument.Failed, Reason = reason.ToString() } : null,
        report,
        cancellationToken);

    private static async Task MarkAsync(ExportJob job, Func<JobFileDocument, JobFileDocument?> change, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        if (job.JobFile is not { Length: > 0 } path || !File.Exists(path))
        {
            return;
        }

        try
        {
            using JobFile file = await JobFile.OpenAsync(path, cancellationToken).ConfigureAwait(false);
            if (file.Read() is { } known && known.Job?.StatusUrl == job.StatusUrl && change(known) is { } changed)
            {
                file.Write(changed with { ChangedAt = DateTime.UtcNow });
            }
        }
        catch (ExportException failure)
        {
            report(new Caution($"{failure.Message} What became of the job {job} is not noted there."));
        }
    }
}
