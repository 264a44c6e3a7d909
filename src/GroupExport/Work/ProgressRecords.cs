using System.Globalization;
using System.Management.Automation;
using GroupExport.Jobs;

namespace GroupExport.Work;

/// <summary>Events of the engine as progress bars: one bar a job.</summary>
internal static class ProgressRecords
{
    public static ProgressRecord Of(Waiting waiting) => new(
        ActivityId(waiting.Status.StatusUrl),
        $"Waiting for the export of group {waiting.Status.GroupId ?? "(unknown)"}",
        $"{waiting.Status.Progress ?? "in progress"} (next look in {Duration(waiting.Delay)})")
    {
        SecondsRemaining = -1,
    };

    public static ProgressRecord Completed(string statusUrl) =>
        new(ActivityId(statusUrl), "Export", "done") { RecordType = ProgressRecordType.Completed };

    public static string Size(long bytes) => bytes switch
    {
        >= 1_000_000_000 => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
        >= 1_000_000 => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB",
        >= 1_000 => (bytes / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " kB",
        _ => bytes.ToString(CultureInfo.InvariantCulture) + " B",
    };

    public static int ActivityId(string statusUrl) => 1 + (string.GetHashCode(statusUrl, StringComparison.Ordinal) & 0x3FFFFFFF);

    private static string Duration(TimeSpan delay) => delay.TotalMinutes >= 2 ? $"{delay.TotalMinutes:0} min" : $"{Math.Ceiling(delay.TotalSeconds):0} s";
}
