using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GroupExport.Ndjson;

/// <summary>The escape sequences inside strings (RFC 8259 section 7), across the borders of blocks.</summary>
internal struct Escapes
{
    private const int HexDigits = 4;
    private const ulong OddBits = 0xAAAA_AAAA_AAAA_AAAA;

    private static readonly SearchValues<byte> s_afterBackslash = SearchValues.Create("\"\\/bfnrtu"u8);

    private ulong _firstIsEscaped;
    private int _hexDue;

    /// <summary>Whether hexadecimal digits are due at the beginning of the next block.</summary>
    public readonly bool IsOpen => _hexDue > 0;

    /// <summary>The bytes that a reverse solidus stands before, one that is not itself escaped: of several in a row every second one counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Escaped(ulong backslashes)
    {
        if (backslashes == 0)
        {
            ulong first = _firstIsEscaped;
            _firstIsEscaped = 0;
            return first;
        }

        // A subtraction carries through each run of reverse solidi; whether it began at an odd place tells which of them escape.
        ulong candidates = backslashes & ~_firstIsEscaped;
        ulong ends = (((candidates << 1) | OddBits) - candidates) ^ OddBits;
        ulong escaped = ends ^ (backslashes | _firstIsEscaped);
        _firstIsEscaped = (ends & backslashes) >> 63;
        return escaped;
    }

    /// <summary>Checks what stands behind the reverse solidi of strings; the first byte that does not belong there is a fault.</summary>
    /// <param name="block">Exactly 64 bytes.</param>
    /// <param name="escaped">The escaped bytes inside strings.</param>
    public ulong Faults(ReadOnlySpan<byte> block, ulong escaped)
    {
        int due = _hexDue;
        _hexDue = 0;
        ulong faults = Hex(block, 0, due);
        while (escaped != 0)
        {
            int at = BitOperations.TrailingZeroCount(escaped);
            escaped &= escaped - 1;
            if (!s_afterBackslash.Contains(block[at]))
            {
                faults |= 1UL << at;
            }
            else if (block[at] == (byte)'u')
            {
                faults |= Hex(block, at + 1, HexDigits);
            }
        }

        return faults;
    }

    /// <summary>Forgets the digits that are due, since their string is no more.</summary>
    public void Forget() => _hexDue = 0;

    private ulong Hex(ReadOnlySpan<byte> block, int from, int due)
    {
        for (int at = from; at < from + due; at++)
        {
            if (at == Block.Size)
            {
                _hexDue = from + due - at;
                return 0;
            }

            if (!char.IsAsciiHexDigit((char)block[at]))
            {
                return 1UL << at;
            }
        }

        return 0;
    }
}
