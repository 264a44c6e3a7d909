using System.Globalization;
using System.Management.Automation;
using GroupExport.Files;
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

    public static ProgressRecord Of(KickOffWaiting waiting) => new(
        ActivityId(KickOffOf(waiting.GroupId)),
        $"Waiting to start the export of group {waiting.GroupId}",
        $"turned away (next try in {Duration(waiting.Delay)})")
    {
        SecondsRemaining = -1,
    };

    public static ProgressRecord KickedOff(string groupId) => Completed(KickOffOf(groupId));

    public static ProgressRecord Of(Checking checking)
    {
        double share = checking.BytesTotal > 0 ? Math.Clamp((double)checking.Bytes / checking.BytesTotal, 0, 1) : 0;
        string rate = checking.Elapsed.TotalSeconds >= 1 ? $", {Size((long)(checking.Bytes / checking.Elapsed.TotalSeconds))}/s" : "";
        return new ProgressRecord(
            ActivityId(checking.Folder),
            $"Checking {checking.Folder}",
            $"{checking.FilesDone} of {checking.FilesTotal} files, {Size(checking.Bytes)} of {Size(checking.BytesTotal)}{rate}")
        {
            PercentComplete = (int)(100 * share),
            SecondsRemaining = share > 0.02 ? (int)Math.Min(int.MaxValue, checking.Elapsed.TotalSeconds * (1 - share) / share) : -1,
        };
    }

    public static ProgressRecord Completed(string subject) =>
        new(ActivityId(subject), "Export", "done") { RecordType = ProgressRecordType.Completed };

    public static string Size(long bytes) => bytes switch
    {
        >= 1_000_000_000 => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB",
        >= 1_000_000 => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB",
        >= 1_000 => (bytes / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " kB",
        _ => bytes.ToString(CultureInfo.InvariantCulture) + " B",
    };

    public static int ActivityId(string subject) => 1 + (string.GetHashCode(subject, StringComparison.Ordinal) & 0x3FFFFFFF);

    private static string KickOffOf(string groupId) => $"kick-off {groupId}";

    private static string Duration(TimeSpan delay) => delay.TotalMinutes >= 2 ? $"{delay.TotalMinutes:0} min" : $"{Math.Ceiling(delay.TotalSeconds):0} s";
}
