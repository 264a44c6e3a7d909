using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Server;

/// <summary>Represents a clock that jumps to the end of each wait as soon as it begins. Give time limits of requests more than <see cref="LongestWait"/>, so that they are not taken for waits.</summary>
internal sealed class WaitlessClock : FakeTimeProvider
{
    /// <summary>Timers that run longer are time limits.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(2);

    private readonly object _gate = new();

    public WaitlessClock()
        : base(new DateTimeOffset(2026, 11, 23, 4, 5, 6, TimeSpan.Zero))
    {
    }

    /// <summary>Gets the seconds that have passed.</summary>
    public double Seconds => (GetUtcNow() - Start).TotalSeconds;

    /// <summary>Gets what must be over before the clock jumps for the first time.</summary>
    public Task Held { get; init; } = Task.CompletedTask;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < LongestWait)
        {
            // Not before: the clock may have jumped in between, and the timer with it.
            DateTimeOffset end = GetUtcNow() + dueTime;
            _ = Task.Run(() => JumpAsync(end));
        }

        return timer;
    }

    private async Task JumpAsync(DateTimeOffset end)
    {
        await Held;
        lock (_gate)
        {
            if (end - GetUtcNow() is { Ticks: > 0 } rest)
            {
                Advance(rest);
            }
        }
    }
}
