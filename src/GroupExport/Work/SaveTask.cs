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

    public Task RunAsync(SaveOptions options, Action<ExportEvent> report, CancellationToken cancellationToken) =>
        new SaveJob(job, folder, connect, options, report) { Only = _only }.RunAsync(cancellationToken);

    public void Dispose() => folder.Dispose();
}
