namespace GroupExport.Http;

/// <summary>A body whose reads have a time limit each, and all of them one together.</summary>
/// <remarks>One timer serves all reads, because a large file takes tens of thousands of them; it runs only while a read is under way.</remarks>
/// <param name="inner">The body.</param>
/// <param name="stallTimeout">The time it may go without a byte.</param>
/// <param name="wholeTimeout">The time all of it may take; infinite when only stalling counts.</param>
/// <param name="clock">What both are counted on.</param>
internal sealed class StallGuardStream(Stream inner, TimeSpan stallTimeout, TimeSpan wholeTimeout, TimeProvider clock) : BodyStream(inner)
{
    private readonly Stream _inner = inner;
    private readonly long _started = clock.GetTimestamp();
    private CancellationTokenSource _patience = new(Timeout.InfiniteTimeSpan, clock);

    /// <exception cref="TimeoutException">No byte came for the stall timeout, or not all of them in time.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Left == TimeSpan.Zero)
        {
            throw TooSlow();
        }

        ValueTask<int> reading = StartReading(buffer, cancellationToken, out CancellationTokenRegistration giveUp);
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw TooSlow();
        }
        finally
        {
            await giveUp.DisposeAsync().ConfigureAwait(false);
            Rest();
        }
    }

    /// <summary>The time that is left for all of it; null when there is no limit.</summary>
    private TimeSpan? Left
    {
        get
        {
            if (wholeTimeout == Timeout.InfiniteTimeSpan)
            {
                return null;
            }

            TimeSpan left = wholeTimeout - clock.GetElapsedTime(_started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _patience.Dispose();
        }

        base.Dispose(disposing);
    }

    private ValueTask<int> StartReading(Memory<byte> buffer, CancellationToken cancellationToken, out CancellationTokenRegistration giveUp)
    {
        giveUp = cancellationToken.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), _patience);
        _patience.CancelAfter(Left is { } left && left < stallTimeout ? left : stallTimeout);
        return _inner.ReadAsync(buffer, _patience.Token);
    }

    private TimeoutException TooSlow() => new(Left == TimeSpan.Zero
        ? $"the answer was not whole within {wholeTimeout.TotalSeconds:0.###} s"
        : $"no byte came for {stallTimeout.TotalSeconds:0} s");

    /// <summary>Stops the timer; one that ran out just as the bytes came is of no use any more.</summary>
    private void Rest()
    {
        if (!_patience.TryReset())
        {
            _patience.Dispose();
            _patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        }
    }
}
