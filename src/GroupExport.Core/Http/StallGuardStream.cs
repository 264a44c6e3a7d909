namespace GroupExport.Http;

/// <summary>A body whose reads have a time limit each.</summary>
internal sealed class StallGuardStream(Stream inner, TimeSpan stallTimeout, TimeProvider clock) : BodyStream(inner)
{
    private readonly Stream _inner = inner;

    /// <exception cref="TimeoutException">No byte came for the stall timeout.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource patience = new(stallTimeout, clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await _inner.ReadAsync(buffer, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no byte came for {stallTimeout.TotalSeconds:0} s");
        }
    }
}
