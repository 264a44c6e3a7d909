using System.IO.Compression;
using System.Security.Cryptography;
using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>Decodes a gzip body of one or several members (RFC 1952, 2.2) and says at its end whether it was whole, which <see cref="GZipStream"/> does not.</summary>
/// <remarks>
/// The decoder checks CRC32 and ISIZE of each member that is there to its end, but takes the end of a cut body for the end of the data.
/// So it is given one member more than there was. Only a decoder that stands between members gives back what was packed into that one.
/// </remarks>
internal sealed class GzipBody : BodyStream
{
    private static readonly byte[] s_seal = RandomNumberGenerator.GetBytes(16);
    private static readonly byte[] s_sealMember = Packed(s_seal);

    private readonly SealedBody _encoded;
    private readonly GZipStream _decoder;
    private bool _ended;

    public GzipBody(Stream encoded)
        : this(new SealedBody(encoded))
    {
    }

    private GzipBody(SealedBody encoded)
        : base(encoded)
    {
        _encoded = encoded;
        _decoder = new GZipStream(encoded, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <exception cref="GzipFault">The body is damaged, or ends before its end.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended)
        {
            return 0;
        }

        int read = await DecodeAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read == 0 && buffer.Length > 0)
        {
            _ended = true;
            await CheckSealAsync(cancellationToken).ConfigureAwait(false);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> DecodeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _decoder.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException fault)
        {
            throw new GzipFault(_encoded.IsSealed ? "the gzip body was cut off" : "the gzip body is damaged", fault);
        }
    }

    private async ValueTask CheckSealAsync(CancellationToken cancellationToken)
    {
        if (_encoded.IsEmpty)
        {
            return;
        }

        _encoded.Seal();
        byte[] read = new byte[s_seal.Length + 1];
        int length = 0;
        int more;
        while (length < read.Length && (more = await DecodeAsync(read.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
        {
            length += more;
        }

        if (!read.AsSpan(0, length).SequenceEqual(s_seal))
        {
            throw new GzipFault("the gzip body was cut off");
        }
    }

    private static byte[] Packed(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>The body, and behind it the further member, once that is asked for.</summary>
    private sealed class SealedBody(Stream inner) : BodyStream(inner)
    {
        private readonly Stream _inner = inner;
        private ReadOnlyMemory<byte> _seal;

        public bool IsEmpty { get; private set; } = true;

        public bool IsSealed { get; private set; }

        public void Seal()
        {
            IsSealed = true;
            _seal = s_sealMember;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (IsSealed)
            {
                int length = Math.Min(buffer.Length, _seal.Length);
                _seal[..length].CopyTo(buffer);
                _seal = _seal[length..];
                return length;
            }

            int read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            IsEmpty &= read == 0;
            return read;
        }
    }
}
