using System.Management.Automation;
using GroupExport.Connections;
using GroupExport.State;

namespace GroupExport.Commands;

/// <summary>Closes a connection and forgets its token. Exports go on at the server. Nothing piped closes nothing.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "GroupExport")]
public sealed class DisconnectGroupExportCommand : PSCmdlet
{
    /// <summary>The connection to close; by default the one of this runspace.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public GroupExportConnection? Connection { get; set; }

    /// <summary>Closes it.</summary>
    protected override void ProcessRecord()
    {
        GroupExportConnection? current = RunspaceConnection.Current;
        bool named = MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(Connection));
        GroupExportConnection? closing = named ? Connection : current;
        closing?.Dispose();
        if (closing is not null && closing == current)
        {
            RunspaceConnection.Current = null;
        }
    }
}
