using System.Buffers.Text;
using System.Globalization;
using System.Text;
using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>Decodes the file that a FHIR Binary resource carries as Base64, as it streams by.</summary>
internal sealed class BinaryBody(Stream inner, BinaryWrapper wrapper) : BodyStream(inner)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>The maximum size of what stands after the data in a resource, in bytes.</summary>
    private const int MaxTailBytes = 64 * 1024;

    /// <summary>The maximum length of an escape sequence of JSON or a character reference of XML.</summary>
    private const int MaxEscapeBytes = 10;

    private readonly Stream _inner = inner;
    private readonly byte[] _read = new byte[BufferBytes];
    private readonly byte[] _digits = new byte[BufferBytes + 4];
    private readonly byte[] _decoded = new byte[BufferBytes];
    private readonly MemoryStream _surroundings = new();
    private readonly List<byte> _escape = [];
    private int _digitCount;
    private int _start;
    private int _end;
    private bool _begun;
    private bool _isPadded;

    /// <exception cref="BinaryFault">It is not what its beginning promised.</exception>
    /// <exception cref="BodyFault">It ends inside its data.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_begun)
        {
            _begun = true;
            byte[] head = new byte[wrapper.DataStart];
            await _inner.ReadExactlyAsync(head, cancellationToken).ConfigureAwait(false);
            _surroundings.Write(head);
        }

        while (_start == _end)
        {
            if (_surroundings.Length > wrapper.DataStart)
            {
                return 0;
            }

            int read = await _inner.ReadAsync(_read, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new BodyFault("the connection ended inside the data of a Binary resource");
            }

            int used = Take(_read.AsSpan(0, read), out bool isEnd);
            Decode(isEnd);
            if (isEnd)
            {
                await EndAsync(_read.AsMemory(used, read - used), cancellationToken).ConfigureAwait(false);
            }
        }

        int length = Math.Min(buffer.Length, _end - _start);
        _decoded.AsSpan(_start, length).CopyTo(buffer.Span);
        _start += length;
        return length;
    }

    /// <summary>Collects the digits of the Base64 up to the quotation mark; returns how many bytes were used.</summary>
    private int Take(ReadOnlySpan<byte> bytes, out bool isEnd)
    {
        byte escape = wrapper.IsXml ? (byte)'&' : (byte)'\\';
        isEnd = false;
        for (int at = 0; at < bytes.Length; at++)
        {
            byte next = bytes[at];
            if (_escape.Count > 0)
            {
                _escape.Add(next);
                Unescape();
            }
            else if (next == wrapper.Quote)
            {
                isEnd = true;
                return at + 1;
            }
            else if (next == escape)
            {
                _escape.Add(next);
            }
            else
            {
                Add(next);
            }
        }

        return bytes.Length;
    }

    private void Add(byte digit)
    {
        if (digit is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            return;
        }

        _digits[_digitCount++] = digit;
    }

    /// <summary>Reads what was collected of an escape sequence, once it is complete.</summary>
    private void Unescape()
    {
        string text = Encoding.Latin1.GetString([.. _escape]);
        int? character = wrapper.IsXml ? OfXml(text) : OfJson(text);
        if (character is { } found)
        {
            Add(found < 128 ? (byte)found : throw Broken());
            _escape.Clear();
        }
        else if (text.Length >= MaxEscapeBytes)
        {
            throw Broken();
        }
    }

    private static int? OfJson(string text) => text switch
    {
        "\\/" => '/',
        "\\n" or "\\r" or "\\t" => ' ',
        ['\\', 'u', _, _, _, _] => int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) ? code : throw Broken(),
        ['\\', 'u', ..] => null,
        _ => throw Broken(),
    };

    private static int? OfXml(string text) => text switch
    {
        ['&', '#', 'x', .. var hex, ';'] => int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) ? code : throw Broken(),
        ['&', '#', .. var number, ';'] => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : throw Broken(),
        _ => null,
    };

    /// <summary>Decodes as many digits as make up whole bytes.</summary>
    private void Decode(bool isEnd)
    {
        int whole = isEnd ? _digitCount : _digitCount - (_digitCount % 4);
        if (whole % 4 != 0 || (_isPadded && whole > 0))
        {
            throw Broken();
        }

        Span<byte> digits = _digits.AsSpan(0, whole);
        if (Base64.DecodeFromUtf8(digits, _decoded, out int used, out _end) != System.Buffers.OperationStatus.Done || used != whole)
        {
            throw Broken();
        }

        _start = 0;
        _isPadded = whole > 0 && digits[^1] == (byte)'=';
        _digits.AsSpan(whole, _digitCount - whole).CopyTo(_digits);
        _digitCount -= whole;
    }

    private async ValueTask EndAsync(ReadOnlyMemory<byte> tail, CancellationToken cancellationToken)
    {
        _surroundings.WriteByte(wrapper.Quote);
        _surroundings.Write(tail.Span);
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            _surroundings.Write(buffer, 0, read);
            if (_surroundings.Length > wrapper.DataStart + MaxTailBytes)
            {
                throw Broken();
            }
        }

        if (!wrapper.IsBinary(_surroundings.ToArray()))
        {
            throw Broken();
        }
    }

    private static BinaryFault Broken() => new();
}

/// <summary>The exception that is thrown when a body begins as a Binary resource that carries a file, and isn't one.</summary>
internal sealed class BinaryFault() : BodyFault("the body begins as a Binary resource that carries the file, but is not one");
