using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Server;

/// <summary>A clock that stands still, and jumps over a wait as soon as somebody begins to wait.</summary>
internal sealed class SkippingClock : FakeTimeProvider
{
    private int _armed;

    public SkippingClock()
        : base(new DateTimeOffset(2026, 11, 23, 4, 5, 6, TimeSpan.Zero))
    {
    }

    /// <summary>The next timer that is made is a wait: the clock jumps to its end.</summary>
    public void SkipNextTimer() => Volatile.Write(ref _armed, 1);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (Interlocked.Exchange(ref _armed, 0) == 1)
        {
            _ = Task.Run(() => Advance(dueTime));
        }

        return timer;
    }
}
