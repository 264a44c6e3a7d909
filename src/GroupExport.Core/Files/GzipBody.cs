using System.Buffers.Binary;
using System.IO.Compression;
using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>Decodes a gzip body and says at its end whether it was whole, which <see cref="GZipStream"/> does not: a cut one decodes without an error.</summary>
/// <remarks>The decoder itself checks the CRC32 of a body that is there to its end; what is left to check is that the end is there (RFC 1952, ISIZE).</remarks>
internal sealed class GzipBody : BodyStream
{
    /// <summary>A header of ten bytes, the two of an empty block, CRC32 and ISIZE.</summary>
    private const int ShortestBytes = 20;

    private readonly Tail _encoded;
    private readonly GZipStream _decoder;
    private long _decoded;

    public GzipBody(Stream encoded)
        : this(new Tail(encoded))
    {
    }

    private GzipBody(Tail encoded)
        : base(encoded)
    {
        _encoded = encoded;
        _decoder = new GZipStream(encoded, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <exception cref="GzipFault">The body is damaged, or ends before its end.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await _decoder.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException fault)
        {
            throw new GzipFault("the gzip body is damaged", fault);
        }

        _decoded += read;
        if (read == 0 && buffer.Length > 0 && !IsWhole)
        {
            throw new GzipFault("the gzip body was cut off");
        }

        return read;
    }

    /// <summary>A header alone can end in zeros and decodes to nothing, which looks like the end of an empty file. No byte at all is an empty body.</summary>
    private bool IsWhole => _encoded.Seen == 0 || (_encoded.Seen >= ShortestBytes && _encoded.LastFour == (uint)_decoded);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Passes bytes on and remembers how many there were, and the last four.</summary>
    private sealed class Tail(Stream inner) : BodyStream(inner)
    {
        private readonly Stream _inner = inner;
        private readonly byte[] _last = new byte[4];

        public long Seen { get; private set; }

        public uint LastFour => BinaryPrimitives.ReadUInt32LittleEndian(_last);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Remember(buffer.Span[..read]);
            return read;
        }

        private void Remember(ReadOnlySpan<byte> bytes)
        {
            Seen += bytes.Length;
            if (bytes.Length >= _last.Length)
            {
                bytes[^_last.Length..].CopyTo(_last);
                return;
            }

            _last.AsSpan(bytes.Length).CopyTo(_last);
            bytes.CopyTo(_last.AsSpan(_last.Length - bytes.Length));
        }
    }
}
