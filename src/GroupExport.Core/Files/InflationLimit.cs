using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>Counts the bytes that are read from a body before it is decoded.</summary>
internal sealed class EncodedBody(Stream inner) : BodyStream(inner)
{
    private readonly Stream _inner = inner;

    /// <summary>Gets the number of bytes that were read.</summary>
    public long Bytes { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Bytes += read;
        return read;
    }
}

/// <summary>Ends the decoding of a body that grows beyond all measure: a decompression bomb.</summary>
internal sealed class InflationLimit(Stream decoded, EncodedBody encoded) : BodyStream(decoded)
{
    /// <summary>The size up to which content may be of any ratio, in bytes.</summary>
    public const long FreeBytes = 256L * 1024 * 1024;

    /// <summary>The maximum ratio of the content to what came. NDJSON of FHIR resources reaches 10 to 40.</summary>
    public const int MaxRatio = 300;

    private readonly Stream _decoded = decoded;
    private long _bytes;

    /// <exception cref="RejectedBody">The content is beyond the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await _decoded.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _bytes += read;
        return _bytes > FreeBytes && _bytes / MaxRatio > encoded.Bytes
            ? throw new RejectedBody($"{_bytes >> 20} MiB came out of {encoded.Bytes:N0} bytes, which is what a decompression bomb does")
            : read;
    }
}
