using System.Management.Automation;
using GroupExport.Connections;
using GroupExport.State;

namespace GroupExport.Commands;

/// <summary>Gives the connection of this runspace, or nothing when there is none.</summary>
[Cmdlet(VerbsCommon.Get, "GroupExportConnection")]
[OutputType(typeof(GroupExportConnection))]
public sealed class GetGroupExportConnectionCommand : PSCmdlet
{
    /// <summary>Gives it.</summary>
    protected override void EndProcessing()
    {
        if (RunspaceConnection.Current is { } connection)
        {
            WriteObject(connection);
        }
    }
}
