using System.Management.Automation;

namespace GroupExport.Shell.Hosting;

/// <summary>In a log: a line when activity or status changes, and not more than one a second.</summary>
internal sealed class LoggedProgress(Terminal terminal, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    private string _logged = "";
    private long? _loggedAt;

    public void Show(ProgressRecord record)
    {
        // A percentage alone is no news; it is shown with what is.
        string state = ProgressText.WithoutPercent(record);
        if (record.RecordType == ProgressRecordType.Completed
            || state == _logged
            || (_loggedAt is long since && time.GetElapsedTime(since) < s_pace))
        {
            return;
        }

        _logged = state;
        _loggedAt = time.GetTimestamp();
        terminal.WriteError(ProgressText.Of(record));
    }
}
