using System.Collections.Concurrent;
using System.Diagnostics;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Adds up how far the files of one job are and reports it a few times a second at most.</summary>
internal sealed class SaveProgress
{
    private readonly ExportJob _job;
    private readonly Func<ExportFile, double> _weight;
    private readonly double _totalWeight;
    private readonly int _filesTotal;
    private readonly Action<ExportEvent> _report;
    private readonly ConcurrentDictionary<FileProgress, double> _active = new();
    private readonly object _gate = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _reported;
    private long _bytes;
    private int _filesDone;
    private double _weightDone;

    /// <summary>Starts for the files that are still to be fetched.</summary>
    public SaveProgress(ExportJob job, IReadOnlyCollection<ExportFile> files, Action<ExportEvent> report)
    {
        _job = job;
        _report = report;
        _filesTotal = files.Count;
        _weight = Weight(files);
        _totalWeight = files.Sum(_weight);
    }

    /// <summary>No report comes sooner after another.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);

    public FileProgress Begin(ExportFile file)
    {
        FileProgress progress = new(file.Name, file.FileSize, AddBytes);
        _active[progress] = _weight(file);
        return progress;
    }

    public void End(FileProgress progress)
    {
        if (!_active.TryRemove(progress, out double weight))
        {
            return;
        }

        bool isLast;
        lock (_gate)
        {
            isLast = ++_filesDone == _filesTotal;
            _weightDone += weight;
        }

        if (isLast)
        {
            Report();
        }
        else
        {
            AddBytes(0);
        }
    }

    /// <summary>What a file counts for: its size where all files say it, else its count, else one.</summary>
    private static Func<ExportFile, double> Weight(IReadOnlyCollection<ExportFile> files)
    {
        if (files.All(file => file.FileSize is not null))
        {
            return file => file.FileSize!.Value + 1;
        }

        return files.All(file => file.Count is not null) ? file => file.Count!.Value + 1 : _ => 1;
    }

    private void AddBytes(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        long last = Interlocked.Read(ref _reported);
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(last, now) >= Interval && Interlocked.CompareExchange(ref _reported, now, last) == last)
        {
            Report();
        }
    }

    private void Report()
    {
        // Its own copy is atomic; a collection expression asks for the count first and copies later.
        KeyValuePair<FileProgress, double>[] active = _active.ToArray();
        double share;
        int done;
        lock (_gate)
        {
            done = _filesDone;
            share = _totalWeight > 0 ? (_weightDone + active.Sum(file => file.Key.Share * file.Value)) / _totalWeight : 1;
        }

        _report(new Saving(
            _job.GroupId,
            _job.StatusUrl,
            done,
            _filesTotal,
            Interlocked.Read(ref _bytes),
            share,
            Stopwatch.GetElapsedTime(_started),
            [.. active.Select(file => new SavingFile(file.Key.Name, file.Key.Bytes, file.Key.Total))]));
    }
}
