using System.Management.Automation;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Http;
using GroupExport.Input;
using GroupExport.Jobs;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Cancels exports that run, and tells the server that the files of finished ones may go.</summary>
[Cmdlet(VerbsCommon.Remove, "GroupExport", SupportsShouldProcess = true)]
[Alias("Stop-GroupExport")]
public sealed class RemoveGroupExportCommand : ConnectedCmdlet
{
    /// <summary>Jobs, statuses, receipts, job files or status URLs.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Job", "StatusUrl")]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>The folder that the files were saved to: a finished export is removed only when all are verified there. A receipt brings its own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? Path { get; set; }

    /// <summary>Removes a finished export though its files are not verified.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Sends the DELETE of one job.</summary>
    protected override void ProcessRecord() => TakeEach(InputObject, input =>
    {
        ExportJob job = JobInput.Read(input);
        string? folder = Path ?? (job as ExportReceipt)?.Path;
        folder = string.IsNullOrWhiteSpace(folder) ? null : FolderPath.Resolve(this, folder);
        GroupExportConnection connection = ConnectionFor(job);
        if (ShouldProcess(job.ToString(), "Remove the export from the server"))
        {
            StartWork(token => RemoveAsync(connection, job, folder, token), target: job);
        }
    });

    /// <summary>Waits for the answers.</summary>
    protected override void EndProcessing() => CompleteWork();

    private async Task RemoveAsync(GroupExportConnection connection, ExportJob job, string? folder, CancellationToken cancellationToken)
    {
        if (!Force)
        {
            await new RemovalGuard(connection, job, folder).CheckAsync(OnEvent, cancellationToken).ConfigureAwait(false);
        }

        OnEvent(new Remark($"DELETE {ShownUri.Of(job.StatusUri)}"));
        bool isKnown = job is ExportReceipt { TransactionTime: not null };
        bool removed = await new JobRemoval(connection, job, OnEvent) { IsKnown = isKnown }.RunAsync(cancellationToken).ConfigureAwait(false);
        await JobFileMarks.DeletedAsync(job, OnEvent, cancellationToken).ConfigureAwait(false);
        OnEvent(new Remark(removed ? $"{job} was removed." : $"{job} was already gone."));
    }
}
