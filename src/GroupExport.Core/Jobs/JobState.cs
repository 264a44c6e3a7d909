using System.Text.Json;
using GroupExport.Json;

namespace GroupExport.Jobs;

/// <summary>Reads the state that servers with a job interface of their own write into a body: <c>{"status":"IN_PROGRESS"}</c>, AWS HealthLake's <c>exportJobProperties.jobStatus</c>.</summary>
internal static class JobState
{
    private static readonly HashSet<string> s_running = new(StringComparer.OrdinalIgnoreCase)
    {
        "accepted", "active", "created", "executing", "inprogress", "new", "pending", "preparing", "processing", "queued", "running", "scheduled",
        "started", "starting", "submitted", "waiting", "working",
    };

    /// <summary>Returns the state in the root or one level below; null when there is none.</summary>
    public static string? Find(JsonElement root) => root.ValueKind != JsonValueKind.Object
        ? null
        : Own(root) ?? root.EnumerateObject().Select(member => Own(member.Value)).FirstOrDefault(state => state is not null);

    /// <summary>Determines whether a state says that the job runs or will.</summary>
    public static bool IsRunning(string? state) =>
        state is not null && s_running.Contains(new string([.. state.Where(char.IsAsciiLetter)]));

    private static string? Own(JsonElement element) => element.Text("jobStatus") ?? element.Text("status");
}
