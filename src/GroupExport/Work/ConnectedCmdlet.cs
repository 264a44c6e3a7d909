using System.Management.Automation;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Input;
using GroupExport.Jobs;
using GroupExport.State;

namespace GroupExport.Work;

/// <summary>A cmdlet that talks to a server: over <c>-Connection</c>, the job's own connection, or the runspace's.</summary>
public abstract class ConnectedCmdlet : ExportCmdlet
{
    private readonly HashSet<GroupExportConnection> _used = [];

    /// <summary>The connection to use instead of the one that Connect-GroupExport opened in this runspace.</summary>
    [Parameter]
    public virtual GroupExportConnection? Connection { get; set; }

    /// <summary>Takes each piped or named job, or its job file, by itself: a bad one is reported, and the others go on.</summary>
    internal void TakeEach(object? inputObject, Action<object?> take)
    {
        Work.Drain();
        foreach (object? input in inputObject is null ? [null] : PropertyBag.Items(inputObject))
        {
            OrReport(() => take(JobFileInput.Read(this, input)));
        }
    }

    /// <exception cref="ExportException">There is none.</exception>
    internal GroupExportConnection RequiredConnection() => Used(
        Given() ?? RunspaceConnection.Current ?? throw new ExportException(
            ExportErrorKind.NoConnection,
            "There is no connection. Open one with Connect-GroupExport, or pass one as -Connection.")
        {
            Subject = MyInvocation.MyCommand.Name,
        });

    /// <summary>The connection for a job that was kicked off here, in another process, or is known by its status URL only.</summary>
    /// <exception cref="ExportException">There is none, or it is not the job's; nothing was sent.</exception>
    internal GroupExportConnection ConnectionFor(ExportJob job)
    {
        GroupExportConnection connection = Given() ?? (job.Connection is { IsOpen: true } own ? own : RequiredConnection());
        if (job.Server is not null && job.Server != connection.Server)
        {
            throw new ExportException(
                ExportErrorKind.WrongConnection,
                $"This job was kicked off at {job.Server}, but the connection is to {connection.Server}. Connect to the job's server, or pass its connection as -Connection.")
            {
                Subject = job,
            };
        }

        if (job.Server is null && !connection.IsOwnOrigin(job.StatusUri))
        {
            throw new ExportException(
                ExportErrorKind.UntrustedStatusOrigin,
                $"The status URL is at {Origin.Of(job.StatusUri)}, but the connection is to {Origin.Of(new Uri(connection.Server))}. " +
                "Check the URL; connect to the server it belongs to, or pass the job object that New-GroupExport returned.")
            {
                Subject = ShownUri.Of(job.StatusUri),
            };
        }

        return Used(connection);
    }

    /// <summary>Waits for all work, and passes on what the connections found worth a look on the way.</summary>
    internal void CompleteWork()
    {
        Work.Complete();
        foreach (string caution in _used.SelectMany(connection => connection.TakeCautions()))
        {
            WriteWarning(caution);
        }
    }

    /// <summary>The connection that was passed; null when none was. A variable that was never set must not send an export to another server.</summary>
    private GroupExportConnection? Given() => Connection is not null || !MyInvocation.BoundParameters.ContainsKey(nameof(Connection))
        ? Connection
        : throw new ExportException(
            ExportErrorKind.NoConnection,
            "-Connection is given but empty. Leave it out to use the connection of this runspace, or look why it is missing. Nothing was sent.")
        {
            Subject = nameof(Connection),
        };

    private GroupExportConnection Used(GroupExportConnection connection)
    {
        _used.Add(connection);
        return connection;
    }
}
