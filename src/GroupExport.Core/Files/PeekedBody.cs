using System.Buffers;
using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>Represents a body whose beginning can be looked at before it is read.</summary>
/// <remarks>A fault that occurs while the beginning is read waits until the bytes before it have been read.</remarks>
internal sealed class PeekedBody(Stream inner) : BodyStream(inner)
{
    /// <summary>The maximum number of bytes that can be looked at.</summary>
    public const int MaxPeekedBytes = 64 * 1024;

    private readonly Stream _inner = inner;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(MaxPeekedBytes);
    private int _start;
    private int _end;
    private Exception? _fault;

    /// <summary>Gets the beginning as far as it was read.</summary>
    public ReadOnlyMemory<byte> Peeked => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Gets a value indicating whether no more of the body can be looked at.</summary>
    public bool IsAll { get; private set; }

    /// <summary>Reads more of the beginning.</summary>
    public async ValueTask PeekAsync(CancellationToken cancellationToken)
    {
        try
        {
            int read = await _inner.ReadAsync(_buffer.AsMemory(_end, MaxPeekedBytes - _end), cancellationToken).ConfigureAwait(false);
            _end += read;
            IsAll = read == 0 || _end == MaxPeekedBytes;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _fault = exception;
            IsAll = true;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start < _end)
        {
            int length = Math.Min(buffer.Length, _end - _start);
            _buffer.AsSpan(_start, length).CopyTo(buffer.Span);
            _start += length;
            return length;
        }

        Return();
        if (_fault is { } fault)
        {
            _fault = null;
            throw fault;
        }

        return await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Return();
        }

        base.Dispose(disposing);
    }

    private void Return()
    {
        if (_buffer.Length > 0)
        {
            _buffer.AsSpan(0, _end).Clear();
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = _end = 0;
        }
    }
}
