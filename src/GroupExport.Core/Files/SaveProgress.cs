using System.Diagnostics;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Counts bytes and files of one job and reports them a few times a second at most.</summary>
internal sealed class SaveProgress(ExportJob job, int filesTotal, Action<ExportEvent> report)
{
    private static readonly long s_interval = Stopwatch.Frequency / 4;

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _reported;
    private long _bytes;
    private int _files;

    public void AddBytes(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        long last = Interlocked.Read(ref _reported);
        long now = Stopwatch.GetTimestamp();
        if (now - last > s_interval && Interlocked.CompareExchange(ref _reported, now, last) == last)
        {
            Report();
        }
    }

    public void AddFile()
    {
        Interlocked.Increment(ref _files);
        Report();
    }

    private void Report() => report(new Saving(job.GroupId, job.StatusUrl, Volatile.Read(ref _files), filesTotal, Interlocked.Read(ref _bytes), Stopwatch.GetElapsedTime(_started)));
}
