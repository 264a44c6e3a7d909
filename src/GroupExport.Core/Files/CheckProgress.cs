using System.Diagnostics;

namespace GroupExport.Files;

/// <summary>Adds up how far the check of a folder is and reports it a few times a second, once it takes longer than a second.</summary>
internal sealed class CheckProgress(string folder, IReadOnlyCollection<ReceiptEntry> files, Action<ExportEvent> report)
{
    private static readonly long s_interval = Stopwatch.Frequency / 4;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly long _bytesTotal = files.Sum(file => file.Bytes);
    private long _reported = Stopwatch.GetTimestamp() + Stopwatch.Frequency - s_interval;
    private long _bytes;
    private int _filesDone;

    /// <summary>On any thread.</summary>
    public void AddBytes(int bytes)
    {
        long all = Interlocked.Add(ref _bytes, bytes);
        long last = Interlocked.Read(ref _reported);
        long now = Stopwatch.GetTimestamp();
        if (now - last > s_interval && Interlocked.CompareExchange(ref _reported, now, last) == last)
        {
            report(new Checking(folder, Volatile.Read(ref _filesDone), files.Count, all, Math.Max(all, _bytesTotal), Stopwatch.GetElapsedTime(_started)));
        }
    }

    /// <summary>On any thread.</summary>
    public void AddFile()
    {
        Interlocked.Increment(ref _filesDone);
        AddBytes(0);
    }
}
