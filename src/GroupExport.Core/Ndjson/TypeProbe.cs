using System.Buffers;
using System.Globalization;
using System.Text;

namespace GroupExport.Ndjson;

/// <summary>Catches the few strings that tell the type of a line: the keys of its object up to <c>resourceType</c>, and the value of that.</summary>
internal sealed class TypeProbe
{
    private const int MaxTypeChars = 64;

    private static readonly SearchValues<byte> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>A name may be written in escapes throughout, such as <c>\u0050</c>.</summary>
    private readonly byte[] _bytes = new byte[MaxTypeChars * 6];
    private int _length;
    private bool _tooLong;

    private ReadOnlySpan<byte> Name => _tooLong ? [] : _bytes.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        _tooLong = false;
    }

    /// <summary>Takes the next part of the string, as it is written between its quotation marks.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        if (_tooLong || !part.TryCopyTo(_bytes.AsSpan(_length)))
        {
            _tooLong = true;
            return;
        }

        _length += part.Length;
    }

    /// <summary>The string has ended.</summary>
    public void Complete()
    {
        if (!_tooLong && _bytes.AsSpan(0, _length).Contains((byte)'\\'))
        {
            Unescape();
        }
    }

    public bool Is(ReadOnlySpan<byte> name) => Name.SequenceEqual(name);

    /// <summary>The name, when it looks like one of a type and so gives nothing away; else null.</summary>
    public string? Shown()
    {
        ReadOnlySpan<byte> name = Name;
        return name.Length is > 0 and <= MaxTypeChars && !name.ContainsAnyExcept(s_letters) ? Encoding.ASCII.GetString(name) : null;
    }

    /// <summary>In place, since an escape is longer than what it stands for; what is no ASCII becomes a NUL, which is in no name.</summary>
    private void Unescape()
    {
        Span<byte> bytes = _bytes.AsSpan(0, _length);
        int to = 0;
        for (int from = 0; from < bytes.Length; from++)
        {
            byte value = bytes[from];
            if (value == (byte)'\\')
            {
                from++;
                value = from < bytes.Length && bytes[from] is (byte)'"' or (byte)'\\' or (byte)'/' ? bytes[from] : (byte)0;
                if (from + 4 < bytes.Length && bytes[from] == (byte)'u')
                {
                    ReadOnlySpan<byte> digits = bytes.Slice(from + 1, 4);
                    value = ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code) && code < 0x80 ? (byte)code : (byte)0;
                    from += 4;
                }
            }

            bytes[to++] = value;
        }

        _length = to;
    }
}
