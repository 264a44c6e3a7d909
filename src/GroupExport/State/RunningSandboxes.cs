using GroupExport.Sandbox;

namespace GroupExport.State;

/// <summary>The practice servers of this process.</summary>
internal static class RunningSandboxes
{
    private static readonly object s_gate = new();
    private static readonly List<ExportSandbox> s_running = [];

    public static IReadOnlyList<ExportSandbox> All
    {
        get
        {
            lock (s_gate)
            {
                return [.. s_running];
            }
        }
    }

    public static void Add(ExportSandbox sandbox)
    {
        lock (s_gate)
        {
            s_running.Add(sandbox);
        }
    }

    public static void Remove(ExportSandbox sandbox)
    {
        lock (s_gate)
        {
            s_running.Remove(sandbox);
        }
    }
}
