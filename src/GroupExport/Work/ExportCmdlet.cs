using System.Management.Automation;
using GroupExport.Errors;

namespace GroupExport.Work;

/// <summary>What all cmdlets of the module share: asynchronous work, and failures of the engine as error records.</summary>
public abstract class ExportCmdlet : PSCmdlet, IDisposable
{
    private readonly CmdletWork _work = new();

    internal CmdletWork Work => _work;

    /// <summary>Ends the work of the cmdlet.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the work of the cmdlet and waits for its end.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _work.Dispose();
        }
    }

    /// <summary>Ctrl+C.</summary>
    protected override void StopProcessing() => _work.Stop();

    /// <summary>Starts work whose failures become error records of this cmdlet; those that name no thing of their own are about <paramref name="target"/>.</summary>
    internal void StartWork(Func<CancellationToken, Task> body, object? target = null) => _work.Start(async token =>
    {
        try
        {
            await body(token).ConfigureAwait(false);
        }
        catch (ExportException failure)
        {
            _work.Post(() => WriteError(failure.ToErrorRecord(target)));
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !token.IsCancellationRequested)
        {
            _work.Post(() => WriteError(ErrorRecords.Unexpected(fault, target)));
        }
    });

    /// <summary>Runs an action on the pipeline thread; a failure of the engine ends the cmdlet.</summary>
    internal void OrTerminate(Action action)
    {
        try
        {
            action();
        }
        catch (ExportException failure)
        {
            ThrowTerminatingError(failure.ToErrorRecord());
        }
    }

    /// <summary>Runs an action on the pipeline thread; a failure of the engine becomes an error record, and the cmdlet goes on.</summary>
    internal bool OrReport(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (ExportException failure)
        {
            WriteError(failure.ToErrorRecord());
            return false;
        }
    }

    /// <summary>Takes an event of the engine, on any thread.</summary>
    internal void OnEvent(ExportEvent reported)
    {
        // The pipeline thread is not woken for nothing, several times a file.
        if (reported is not LoggedEvent)
        {
            _work.Post(() => Show(reported));
        }
    }

    /// <summary>Shows an event of the engine, on the pipeline thread.</summary>
    private protected virtual void Show(ExportEvent reported)
    {
        switch (reported)
        {
            case Remark remark:
                WriteVerbose(remark.Text);
                break;
            case Caution caution:
                WriteWarning(caution.Text);
                break;
            case Jobs.Waiting waiting:
                WriteVerbose($"Group {waiting.Status.GroupId ?? "(unknown)"}: {waiting.Status.Progress ?? "in progress"}; asking again in {waiting.Delay.TotalSeconds:0.#} s.");
                WriteProgress(ProgressRecords.Of(waiting));
                break;
            case Jobs.KickOffWaiting waiting:
                WriteVerbose($"Group {waiting.GroupId}: {waiting.Reason} Sending it again in {waiting.Delay.TotalSeconds:0.#} s.");
                WriteProgress(ProgressRecords.Of(waiting));
                break;
            case Files.Failure failure:
                WriteError(failure.Exception.ToErrorRecord());
                break;
        }
    }
}
