using System.Management.Automation;
using GroupExport.Audit;
using GroupExport.Connections;
using GroupExport.Input;
using GroupExport.Jobs;

namespace GroupExport.Work;

/// <summary>A cmdlet that writes down for audit what it does with exports: to <c>-LogPath</c>, or to the log of the connection.</summary>
public abstract class LoggedCmdlet : ConnectedCmdlet
{
    private readonly Dictionary<string, AuditLog> _logs = [];

    /// <summary>
    /// A file to which events are added for audit, as lines of JSON in the form of SMART's bulk-data-client. Several processes may write to it at once.
    /// By default the log of the connection, if it has one.
    /// </summary>
    [Parameter]
    public string? LogPath { get; set; }

    /// <summary>Opens the log before anything else is done: what cannot be logged is not begun.</summary>
    /// <exception cref="ExportException">It cannot be written.</exception>
    private protected void OpenLog(GroupExportConnection? connection) => LogFor(connection);

    /// <summary>Where events of an export go: shown, and logged before if there is a log.</summary>
    /// <param name="connection">The connection of the export; null where there is none.</param>
    /// <param name="job">The export; null for one that is still to be kicked off.</param>
    /// <param name="isManifestKnown">Whether the pages of a status that is complete were logged by who asked for it.</param>
    /// <exception cref="ExportException">The log cannot be written; nothing was sent.</exception>
    private protected Action<ExportEvent> Logged(GroupExportConnection? connection, ExportJob? job, bool isManifestKnown = false)
    {
        if (LogFor(connection) is not { } log)
        {
            return OnEvent;
        }

        AuditTrail trail = new(log, connection, job, OnEvent);
        return (isManifestKnown ? trail.WithManifestKnown() : trail).Take;
    }

    /// <summary>Whether nothing is to be done, not even a log made.</summary>
    private protected bool IsWhatIf() => MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given)
        ? LanguagePrimitives.IsTrue(given)
        : LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference"));

    /// <summary>Closes the logs when all work has ended.</summary>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            foreach (AuditLog log in _logs.Values)
            {
                log.Dispose();
            }
        }
    }

    private AuditLog? LogFor(GroupExportConnection? connection)
    {
        if ((LogFile.Resolve(this, LogPath) ?? connection?.LogPath) is not { } path)
        {
            return null;
        }

        if (!_logs.TryGetValue(path, out AuditLog? log))
        {
            _logs.Add(path, log = AuditLog.Open(path, OnEvent));
        }

        return log;
    }
}
