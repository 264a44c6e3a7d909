using System.Management.Automation;

namespace GroupExport.Shell.Hosting;

/// <summary>On a terminal: one line for the activity that reported last, redrawn in place and gone when it completes.</summary>
internal sealed class RedrawnProgress(Terminal terminal) : IProgressDisplay
{
    private int _shownActivity;

    public void Show(ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Processing)
        {
            _shownActivity = record.ActivityId;
            terminal.ShowStatusLine(ProgressText.Of(record));
        }
        else if (record.ActivityId == _shownActivity)
        {
            terminal.ShowStatusLine("");
        }
    }
}
