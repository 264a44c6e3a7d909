using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Text;
using GroupExport.Ndjson;

namespace GroupExport.Import;

/// <summary>Cuts a stream into lines. Only a stretch of it is in memory, or one line where that is longer.</summary>
/// <remarks>A byte order mark at the start is no part of the first line, and a carriage return before the newline none of its line.</remarks>
internal sealed class LineReader(Stream content, int mostLineBytes = LineReader.MostLineBytes) : IDisposable
{
    /// <summary>What a string can hold, and more than any resource should be.</summary>
    public const int MostLineBytes = 512 * 1024 * 1024;

    private const int StretchBytes = 256 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(StretchBytes);
    private int _start;
    private int _searched;
    private int _end;
    private ExceptionDispatchInfo? _fault;
    private bool _begun;
    private bool _ended;
    private bool _isTooLong;

    /// <summary>The number of the line that was given last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Whether that line was too long, so that only its beginning was read.</summary>
    public bool WasTooLong { get; private set; }

    /// <summary>What to say of such a line.</summary>
    public string TooLong => LineFaults.TooLong(mostLineBytes);

    /// <summary>Reads on; the lines that were given are gone then.</summary>
    /// <returns>False at the end, once all lines have been given.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_ended)
        {
            return false;
        }

        MakeRoom();
        await FillAsync(cancellationToken).ConfigureAwait(false);
        if (!_begun)
        {
            _begun = true;
            _start = _searched = _buffer.AsSpan(0, _end).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        }

        return true;
    }

    /// <summary>The next line of what has been read.</summary>
    /// <returns>False when it is not there to its end yet.</returns>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        int at = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        int end = at < 0 ? _end : _searched + at;
        bool isWhole = at >= 0 || (_ended && (end > _start || _isTooLong));
        if (end - _start > mostLineBytes)
        {
            _isTooLong = true;
        }

        if (!isWhole)
        {
            // What is too long is forgotten as it comes.
            _start = _isTooLong ? end : _start;
            _searched = end;
            line = default;
            return false;
        }

        line = _buffer.AsSpan(_start, end - _start);
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        _start = _searched = at < 0 ? end : end + 1;
        WasTooLong = _isTooLong;
        _isTooLong = false;
        Number++;
        return true;
    }

    public void Dispose()
    {
        content.Dispose();
        Return();
    }

    /// <summary>A fault waits until the lines before it have been given.</summary>
    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _fault?.Throw();
        int least = Math.Min(_end + (StretchBytes / 2), _buffer.Length);
        while (_end < least)
        {
            int read;
            try
            {
                read = await content.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                _fault = ExceptionDispatchInfo.Capture(fault);
                return;
            }

            if (read == 0)
            {
                _ended = true;
                return;
            }

            _end += read;
        }
    }

    private void MakeRoom()
    {
        int held = _end - _start;
        byte[] from = _buffer;
        if (held > _buffer.Length / 2)
        {
            // Not of the pool, which would keep what only one line in a million needs.
            _buffer = GC.AllocateUninitializedArray<byte>(_buffer.Length * 2);
        }
        else if (held <= StretchBytes / 2 && _buffer.Length > 2 * StretchBytes)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(StretchBytes);
        }

        from.AsSpan(_start, held).CopyTo(_buffer);
        if (from != _buffer && from.Length <= 2 * StretchBytes)
        {
            ArrayPool<byte>.Shared.Return(from, clearArray: true);
        }

        _searched -= _start;
        _start = 0;
        _end = held;
    }

    private void Return()
    {
        if (_buffer.Length is > 0 and <= 2 * StretchBytes)
        {
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        }

        _buffer = [];
        _start = _searched = _end = 0;
        _ended = true;
    }
}
