using System.Management.Automation;
using GroupExport.Files;

namespace GroupExport.Work;

/// <summary>One progress bar for the files of a job, and below it one for each file that takes longer.</summary>
internal sealed class SavingBars
{
    /// <summary>Files that are through sooner would only flicker.</summary>
    private const long WorthABar = 4_000_000;

    private const int MostFileBars = 8;

    private readonly Dictionary<string, Dictionary<string, int>> _fileBars = [];

    public void Show(Saving saving, Action<ProgressRecord> write)
    {
        int parent = ProgressRecords.ActivityId(saving.StatusUrl);
        write(new ProgressRecord(parent, $"Saving the export of group {saving.GroupId ?? "(unknown)"}", Status(saving))
        {
            PercentComplete = (int)(100 * Math.Clamp(saving.Share, 0, 1)),
            SecondsRemaining = Remaining(saving),
        });
        ShowFiles(saving, parent, write);
    }

    public void Complete(string statusUrl, Action<ProgressRecord> write)
    {
        if (_fileBars.Remove(statusUrl, out Dictionary<string, int>? bars))
        {
            foreach ((string name, int id) in bars)
            {
                write(Ended(id, name));
            }
        }

        write(ProgressRecords.Completed(statusUrl));
    }

    private void ShowFiles(Saving saving, int parent, Action<ProgressRecord> write)
    {
        if (!_fileBars.TryGetValue(saving.StatusUrl, out Dictionary<string, int>? bars))
        {
            _fileBars.Add(saving.StatusUrl, bars = []);
        }

        foreach (string gone in bars.Keys.Except(saving.Active.Select(file => file.Name)).ToArray())
        {
            write(Ended(bars[gone], gone));
            bars.Remove(gone);
        }

        foreach (SavingFile file in saving.Active.Where(file => bars.ContainsKey(file.Name) || file.Bytes >= WorthABar))
        {
            if (!bars.TryGetValue(file.Name, out int id))
            {
                if (bars.Count == MostFileBars)
                {
                    continue;
                }

                bars.Add(file.Name, id = FreeId(parent, bars));
            }

            write(new ProgressRecord(id, file.Name, Status(file)) { ParentActivityId = parent, PercentComplete = Percent(file) });
        }
    }

    private static int FreeId(int parent, Dictionary<string, int> bars) =>
        Enumerable.Range(1, MostFileBars).Select(slot => parent ^ (slot << 26)).First(id => !bars.ContainsValue(id));

    private static ProgressRecord Ended(int id, string name) => new(id, name, "done") { RecordType = ProgressRecordType.Completed };

    private static int Percent(SavingFile file) => file.Total is { } total and > 0 ? (int)Math.Min(100, 100 * file.Bytes / total) : -1;

    private static string Status(SavingFile file) =>
        file.Total is { } total ? $"{ProgressRecords.Size(file.Bytes)} of {ProgressRecords.Size(total)}" : ProgressRecords.Size(file.Bytes);

    private static string Status(Saving saving)
    {
        string rate = saving.Elapsed.TotalSeconds >= 1 ? $", {ProgressRecords.Size((long)(saving.Bytes / saving.Elapsed.TotalSeconds))}/s" : "";
        return $"{saving.FilesDone} of {saving.FilesTotal} files, {ProgressRecords.Size(saving.Bytes)}{rate}";
    }

    /// <summary>Not guessed before there is something to guess by.</summary>
    private static int Remaining(Saving saving) => saving is { Share: > 0.02 and <= 1, Elapsed.TotalSeconds: > 2 }
        ? (int)Math.Min(int.MaxValue, saving.Elapsed.TotalSeconds * (1 - saving.Share) / saving.Share)
        : -1;
}
