using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>A body that is stored as it comes over the wire while somebody else reads it: what was stored by an earlier attempt first, then the rest.</summary>
/// <param name="wire">What comes over the wire.</param>
/// <param name="part">Where it is stored.</param>
/// <param name="stored">What was stored by an earlier attempt; null when there is none.</param>
/// <param name="length">How much it is in all; null when the wire itself tells the end.</param>
internal sealed class WireTap(Stream wire, PartFile part, Stream? stored, long? length) : BodyStream(wire)
{
    private readonly Stream _wire = wire;
    private Stream? _stored = stored;

    /// <exception cref="BodyFault">The wire ends before all is there.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_stored is not null)
        {
            int known = await ReadStoredAsync(_stored, buffer, cancellationToken).ConfigureAwait(false);
            if (known > 0)
            {
                return known;
            }
        }

        int read = await _wire.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read == 0 && buffer.Length > 0 && length is { } all && part.Length != all)
        {
            throw new BodyFault($"{part.Length} bytes came where {all} were announced");
        }

        part.Write(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stored?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadStoredAsync(Stream stored, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int known = await stored.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (known == 0)
            {
                await stored.DisposeAsync().ConfigureAwait(false);
                _stored = null;
            }

            return known;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw ExportFolder.DiskFault(fault);
        }
    }
}
