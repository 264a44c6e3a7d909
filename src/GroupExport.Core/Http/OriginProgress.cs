namespace GroupExport.Http;

/// <summary>Represents for how long an origin has failed without any progress. Its <see cref="PacedOrigin"/> guards all but <see cref="Made"/>.</summary>
/// <param name="clock">What the time is counted on.</param>
internal sealed class OriginProgress(TimeProvider clock)
{
    private DateTimeOffset? _failingSince;
    private DateTimeOffset _failedAt;
    private int _failures;
    private long _madeAt;

    /// <summary>Records that an answer or bytes of a body came. It takes no lock: it is called for each block of each file.</summary>
    public void Made() => Volatile.Write(ref _madeAt, clock.GetUtcNow().UtcTicks);

    /// <summary>Records a failure.</summary>
    public void Failed()
    {
        _failedAt = clock.GetUtcNow();
        if (!IsFailing)
        {
            _failingSince = _failedAt;
            _failures = 0;
        }

        _failures++;
    }

    /// <summary>Records that the origin is well.</summary>
    public void Clear()
    {
        _failingSince = null;
        _failures = 0;
    }

    /// <summary>Determines whether the origin has failed without any progress for longer than a caller waits.</summary>
    public bool IsLost(OriginPatience patience)
    {
        if (!IsFailing || _failures < patience.MinFailures || _failedAt < patience.Since)
        {
            return false;
        }

        DateTimeOffset began = _failingSince!.Value;
        return _failedAt - (began > patience.Since ? began : patience.Since) >= patience.Limit;
    }

    private bool IsFailing => _failingSince is { } began && began.UtcTicks >= Volatile.Read(ref _madeAt);
}
