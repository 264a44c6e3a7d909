namespace GroupExport.Http;

/// <summary>Represents waits that double, with jitter so that clients that were turned away together do not come back together.</summary>
/// <param name="first">The shortest wait.</param>
/// <param name="longest">The longest wait.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    /// <summary>The share of a wait that is random.</summary>
    private const double Jitter = 0.25;

    /// <summary>Beyond it every wait is the longest one.</summary>
    private const int MaxSteps = 40;

    private int _step;

    /// <summary>Returns the next wait: never shorter than the first one, never longer than the longest.</summary>
    public TimeSpan Next()
    {
        double doubled = first.TotalSeconds * Math.Pow(2, _step);
        _step = Math.Min(_step + 1, MaxSteps);
        double seconds = doubled >= longest.TotalSeconds
            ? Math.Max(first.TotalSeconds, longest.TotalSeconds * (1 - (Jitter * Random.Shared.NextDouble())))
            : Math.Min(longest.TotalSeconds, doubled * (1 + (Jitter * Random.Shared.NextDouble())));
        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Waits for a time, or until something happens.</summary>
    /// <param name="rest">The time; infinite if only what happens ends the wait.</param>
    /// <param name="happening">What ends the wait.</param>
    /// <param name="clock">What the time is counted on.</param>
    /// <param name="cancellationToken">Ends the wait with an exception.</param>
    public static async Task WaitAsync(TimeSpan rest, Task happening, TimeProvider clock, CancellationToken cancellationToken)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // Timers cut off parts of a millisecond, and a wait that ends early is a wait for nothing, over and over.
        TimeSpan whole = rest < TimeSpan.Zero ? rest : TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds));
        await Task.WhenAny(Task.Delay(whole, clock, enough.Token), happening).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Starts again with the first wait.</summary>
    public void Reset() => _step = 0;
}
