namespace GroupExport.Http;

/// <summary>A body whose reads have a time limit each.</summary>
/// <remarks>One timer serves all reads, because a large file takes tens of thousands of them; it runs only while a read is under way.</remarks>
internal sealed class StallGuardStream(Stream inner, TimeSpan stallTimeout, TimeProvider clock) : BodyStream(inner)
{
    private readonly Stream _inner = inner;
    private CancellationTokenSource _patience = new(Timeout.InfiniteTimeSpan, clock);

    /// <exception cref="TimeoutException">No byte came for the stall timeout.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> reading = StartReading(buffer, cancellationToken, out CancellationTokenRegistration giveUp);
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no byte came for {stallTimeout.TotalSeconds:0} s");
        }
        finally
        {
            await giveUp.DisposeAsync().ConfigureAwait(false);
            Rest();
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
        _patience.CancelAfter(stallTimeout);
        return _inner.ReadAsync(buffer, _patience.Token);
    }

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
