using System.Diagnostics;

namespace GroupExport.Benchmarks.Serving;

/// <summary>A link that all connections share: so many bytes a second in all.</summary>
internal sealed class SharedLink(long bytesPerSecond)
{
    /// <summary>What was not used is lost, but for the time that a late timer costs.</summary>
    private static readonly long s_burst = Stopwatch.Frequency / 50;

    private readonly object _gate = new();
    private long _freeAt = Stopwatch.GetTimestamp();

    /// <summary>Waits until so many bytes may go out. Waits below what timers can do are made up for by the next one.</summary>
    public Task TakeAsync(int bytes)
    {
        TimeSpan wait;
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            _freeAt = Math.Max(_freeAt, now - s_burst) + (bytes * Stopwatch.Frequency / bytesPerSecond);
            wait = Stopwatch.GetElapsedTime(now, _freeAt);
        }

        return wait < TimeSpan.FromMilliseconds(2) ? Task.CompletedTask : Task.Delay(wait);
    }
}
