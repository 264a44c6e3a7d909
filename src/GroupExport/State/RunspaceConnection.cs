using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using GroupExport.Connections;

namespace GroupExport.State;

/// <summary>The connection that cmdlets of a runspace use when none is passed. It goes with its runspace.</summary>
internal static class RunspaceConnection
{
    private static readonly ConditionalWeakTable<Runspace, GroupExportConnection> s_connections = [];

    /// <summary>The connection of the current runspace; to be asked on the pipeline thread.</summary>
    public static GroupExportConnection? Current
    {
        get => Runspace.DefaultRunspace is { } runspace && s_connections.TryGetValue(runspace, out GroupExportConnection? connection) ? connection : null;
        set
        {
            s_connections.Remove(Runspace.DefaultRunspace);
            if (value is not null)
            {
                s_connections.Add(Runspace.DefaultRunspace, value);
            }
        }
    }
}
