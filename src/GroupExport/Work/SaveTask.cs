using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;

namespace GroupExport.Work;

/// <summary>One job on its way to one folder, which is locked from the moment the job is taken.</summary>
internal sealed class SaveTask(ExportJob job, ExportFolder folder, Func<GroupExportConnection> connect) : IDisposable
{
    private HashSet<string>? _only;

    public ExportJob Job => job;

    public ExportFolder Folder => folder;

    /// <summary>Whether the export is removed from the server when nothing of it is missing.</summary>
    public bool RemovesWhenComplete { get; init; }

    /// <summary>Takes what is reported of this job, on any thread.</summary>
    public required Action<ExportEvent> Report { get; init; }

    public bool IsStarted { get; private set; }

    /// <summary>Whether another job wanted the same folder, so that nothing is saved there.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Asks for one file, or for all (null).</summary>
    public void Add(ExportFile? file)
    {
        if (file is not null)
        {
            (_only ??= []).Add(file.Name);
        }
    }

    public void Refuse() => IsRefused = !IsStarted;

    public void MarkStarted() => IsStarted = true;

    /// <summary>Saves, and notes in the job file what came of it.</summary>
    public async Task RunAsync(SaveOptions options, CancellationToken cancellationToken)
    {
        // Who knows the status URL only, or one file, may have saved here before as one who knew more.
        ExportJob known = Job.JobFile is null ? Folder.Receipt.Job : Job;
        SaveJob save = new(job, folder, connect, options, Report) { Only = _only, RemovesWhenComplete = RemovesWhenComplete };
        try
        {
            await save.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ExportException failure) when (JobFileMarks.IsEnd(failure))
        {
            await JobFileMarks.FailedAsync(known, failure.Kind, Report, cancellationToken).ConfigureAwait(false);
            throw;
        }

        if (Folder.Receipt.State != ExportReceipt.Incomplete)
        {
            await JobFileMarks.SavedAsync(known, Folder.FullPath, Report, cancellationToken).ConfigureAwait(false);
        }
        else if (Expiry.Warning(job.GroupId, Folder.Receipt.Expires, TimeProvider.System.GetUtcNow()) is { } warning)
        {
            Report(new Caution(warning));
        }

        if (RemovesWhenComplete)
        {
            await RemoveAsync(known, save.IsUnconfirmed, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>That it cannot be removed does not make less of what is saved.</summary>
    private async Task RemoveAsync(ExportJob known, bool isUnconfirmed, CancellationToken cancellationToken)
    {
        if (Folder.Receipt.State is not (ExportReceipt.Complete or ExportReceipt.Empty))
        {
            Report(new Caution($"The export of group {job.GroupName} was left on the server, because the receipt in {Folder.FullPath} says {Folder.Receipt.State}."));
            return;
        }

        if (isUnconfirmed)
        {
            Report(new Caution($"The export of group {job.GroupId} was left on the server, because the server did not confirm its list of files. Remove-GroupExport removes it."));
            return;
        }

        if (Folder.Receipt is { State: ExportReceipt.Empty, TransactionTime: null })
        {
            Report(new Caution($"The export of group {job.GroupId} was left on the server, because it sent no manifest. Remove-GroupExport removes it."));
            return;
        }

        try
        {
            await new JobRemoval(connect(), job, Report) { IsKnown = true }.RunAsync(cancellationToken).ConfigureAwait(false);
            await JobFileMarks.DeletedAsync(known, Report, cancellationToken).ConfigureAwait(false);
            Report(new Remark($"{job} was removed from the server."));
        }
        catch (ExportException failure)
        {
            // Not in the server's words, which may repeat the signatures of the files' URLs.
            string why = failure.StatusCode is { } status ? $"it answered HTTP {status} to the DELETE." : failure.Message;
            Report(new Caution($"The export of group {job.GroupName} is saved, but was not removed from the server: {why} Remove-GroupExport tries again."));
        }
    }

    public void Dispose() => folder.Dispose();
}
