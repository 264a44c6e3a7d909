using System.Management.Automation;
using GroupExport.Connections;
using GroupExport.Errors;
using GroupExport.Http;
using GroupExport.Input;
using GroupExport.Jobs;
using GroupExport.Work;

namespace GroupExport.Commands;

/// <summary>Asks how jobs stand, once or until they end. Many are waited for side by side and come out as they finish.</summary>
[Cmdlet(VerbsCommon.Get, "ExportStatus")]
[OutputType(typeof(ExportStatus))]
public sealed class GetExportStatusCommand : WaitingCmdlet
{
    private WaitOptions _options = new();

    /// <summary>Jobs, also such as came back from Clixml or JSON; receipts; job files; status URLs.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [Alias("Job", "StatusUrl")]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>Waits until the export is complete or has failed.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Settles how patient it is.</summary>
    protected override void BeginProcessing() => OrTerminate(() =>
    {
        _options = ReadWaitOptions();
        OpenLog(Connection);
    });

    /// <summary>Starts asking for one job.</summary>
    protected override void ProcessRecord() => TakeEach(InputObject, input =>
    {
        ExportJob job = JobInput.Read(input);
        GroupExportConnection connection = ConnectionFor(job);
        Action<ExportEvent> report = Logged(connection, job);
        StartWork(token => JobFileMarks.WatchAsync(job, () => Wait ? WaitAsync(connection, job, report, token) : AskAsync(connection, job, report, token), report, token), target: job);
    });

    /// <summary>Waits for what is still under way.</summary>
    protected override void EndProcessing() => CompleteWork();

    private async Task<ExportStatus> AskAsync(GroupExportConnection connection, ExportJob job, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        report(new Remark($"GET {ShownUri.Of(job.StatusUri)}"));
        StatusRequest request = new(connection, job, _options.MaxRetryAfter, _options.PageRetry, transientTimeout: _options.TransientTimeout);
        StatusAnswer answer = await request.SendAsync(report, cancellationToken).ConfigureAwait(false);
        if (answer.Trouble is not null)
        {
            throw new ExportException(
                ExportErrorKind.StatusUnavailable,
                $"The status cannot be asked for now ({answer.Trouble}). The export may well go on; ask again later, or with -Wait, which is patient.")
            {
                Subject = job,
                StatusCode = answer.Refusal?.StatusCode,
                ServerMessage = answer.Refusal?.Message,
                RedoxLogIds = answer.Refusal?.LogIds ?? [],
            };
        }

        Work.Post(() => WriteObject(answer.Status));
        Warn(connection, answer.Status);
        return answer.Status;
    }

    private async Task<ExportStatus> WaitAsync(GroupExportConnection connection, ExportJob job, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        ExportStatus status = await new StatusWait(connection, job, _options, report).RunAsync(cancellationToken).ConfigureAwait(false);
        Work.Post(() =>
        {
            WriteProgress(ProgressRecords.Completed(job.StatusUrl));
            WriteObject(status);
            if (status.State == ExportStatus.Failed)
            {
                WriteError(status.ToFailure().ToErrorRecord());
            }
        });
        Warn(connection, status);
        return status;
    }

    private void Warn(GroupExportConnection connection, ExportStatus status)
    {
        if (EarlierJob.Warning(status) is { } earlier)
        {
            OnEvent(new Caution(earlier));
        }

        if (Expiry.Warning(status.GroupId, status.Expires, connection.Clock.GetUtcNow()) is { } warning)
        {
            OnEvent(new Caution(warning));
        }
    }
}
