using System.Management.Automation.Runspaces;
using GroupExport.Sandbox;

namespace GroupExport.State;

/// <summary>The practice servers that run, each known by the runspace that started it.</summary>
internal static class RunningSandboxes
{
    private static readonly object s_gate = new();
    private static readonly List<(Guid Runspace, ExportSandbox Sandbox)> s_running = [];

    private static Guid CurrentRunspace => Runspace.DefaultRunspace?.InstanceId ?? Guid.Empty;

    /// <summary>Those that this runspace started; to be asked on the pipeline thread.</summary>
    public static IReadOnlyList<ExportSandbox> OfThisRunspace
    {
        get
        {
            lock (s_gate)
            {
                return [.. s_running.Where(entry => entry.Runspace == CurrentRunspace).Select(entry => entry.Sandbox)];
            }
        }
    }

    public static void Add(ExportSandbox sandbox)
    {
        lock (s_gate)
        {
            s_running.Add((CurrentRunspace, sandbox));
        }
    }

    public static void Remove(ExportSandbox sandbox)
    {
        lock (s_gate)
        {
            s_running.RemoveAll(entry => entry.Sandbox == sandbox);
        }
    }
}
