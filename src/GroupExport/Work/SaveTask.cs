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
    public async Task RunAsync(SaveOptions options, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        // Who knows the status URL only, or one file, may have saved here before as one who knew more.
        ExportJob known = Job.JobFile is null ? Folder.Receipt.Job : Job;
        try
        {
            await new SaveJob(job, folder, connect, options, report) { Only = _only }.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (ExportException failure) when (JobFileMarks.IsEnd(failure))
        {
            await JobFileMarks.FailedAsync(known, failure.Kind, report, cancellationToken).ConfigureAwait(false);
            throw;
        }

        if (Folder.Receipt.State != ExportReceipt.Incomplete)
        {
            await JobFileMarks.SavedAsync(known, Folder.FullPath, report, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => folder.Dispose();
}
