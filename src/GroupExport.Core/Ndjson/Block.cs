using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GroupExport.Ndjson;

/// <summary>
/// 64 bytes as bit masks, a bit a byte: the first step of the way that Langdale and Lemire describe in "Parsing Gigabytes of JSON per Second"
/// (2019). Vectors that the processor lacks are emulated by the runtime.
/// </summary>
internal static class Block
{
    public const int Size = 64;

    /// <param name="block">Exactly 64 bytes.</param>
    /// <param name="quotes">Quotation marks, escaped ones too.</param>
    /// <param name="backslashes">Reverse solidi.</param>
    /// <param name="brackets">The six structural characters of RFC 8259 section 2.</param>
    /// <param name="blanks">Spaces and controls.</param>
    /// <param name="controls">Bytes below 0x20.</param>
    /// <param name="nonAscii">Bytes above 0x7F.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Classify(
        ReadOnlySpan<byte> block, out ulong quotes, out ulong backslashes, out ulong brackets, out ulong blanks, out ulong controls, out ulong nonAscii)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> a = Vector256.Create(block);
            Vector256<byte> b = Vector256.Create(block[32..]);
            quotes = Join(Vector256.Equals(a, Vector256.Create((byte)'"')), Vector256.Equals(b, Vector256.Create((byte)'"')));
            backslashes = Join(Vector256.Equals(a, Vector256.Create((byte)'\\')), Vector256.Equals(b, Vector256.Create((byte)'\\')));
            brackets = Join(Brackets(a), Brackets(b));
            blanks = Join(Vector256.LessThanOrEqual(a, Vector256.Create((byte)' ')), Vector256.LessThanOrEqual(b, Vector256.Create((byte)' ')));
            controls = Join(Vector256.LessThan(a, Vector256.Create((byte)' ')), Vector256.LessThan(b, Vector256.Create((byte)' ')));
            nonAscii = Join(a, b);
            return;
        }

        quotes = backslashes = brackets = blanks = controls = nonAscii = 0;
        for (int at = 0; at < Size; at += 16)
        {
            Vector128<byte> v = Vector128.Create(block[at..]);
            quotes |= (ulong)Vector128.Equals(v, Vector128.Create((byte)'"')).ExtractMostSignificantBits() << at;
            backslashes |= (ulong)Vector128.Equals(v, Vector128.Create((byte)'\\')).ExtractMostSignificantBits() << at;
            brackets |= (ulong)Brackets(v).ExtractMostSignificantBits() << at;
            blanks |= (ulong)Vector128.LessThanOrEqual(v, Vector128.Create((byte)' ')).ExtractMostSignificantBits() << at;
            controls |= (ulong)Vector128.LessThan(v, Vector128.Create((byte)' ')).ExtractMostSignificantBits() << at;
            nonAscii |= (ulong)v.ExtractMostSignificantBits() << at;
        }
    }

    /// <summary>Where a byte occurs.</summary>
    public static ulong Equal(ReadOnlySpan<byte> block, byte value)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> sought = Vector256.Create(value);
            return Join(Vector256.Equals(Vector256.Create(block), sought), Vector256.Equals(Vector256.Create(block[32..]), sought));
        }

        ulong mask = 0;
        for (int at = 0; at < Size; at += 16)
        {
            mask |= (ulong)Vector128.Equals(Vector128.Create(block[at..]), Vector128.Create(value)).ExtractMostSignificantBits() << at;
        }

        return mask;
    }

    /// <summary>Where a byte is at least so great.</summary>
    public static ulong AtLeast(ReadOnlySpan<byte> block, byte value)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> least = Vector256.Create(value);
            return Join(Vector256.GreaterThanOrEqual(Vector256.Create(block), least), Vector256.GreaterThanOrEqual(Vector256.Create(block[32..]), least));
        }

        ulong mask = 0;
        for (int at = 0; at < Size; at += 16)
        {
            mask |= (ulong)Vector128.GreaterThanOrEqual(Vector128.Create(block[at..]), Vector128.Create(value)).ExtractMostSignificantBits() << at;
        }

        return mask;
    }

    /// <summary>Each bit becomes the parity of itself and all below: from quotation marks to what they enclose, the closing one left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Enclosed(ulong quotes)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(quotes), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        for (int shift = 1; shift < Size; shift *= 2)
        {
            quotes ^= quotes << shift;
        }

        return quotes;
    }

    /// <summary>The bits above a position.</summary>
    public static ulong Above(int position) => ~1UL << position;

    /// <summary>The bits below the lowest of a mask; all when it is empty.</summary>
    public static ulong Below(ulong mask) => (mask & (0 - mask)) - 1;

    /// <summary>How many bits in a row are set from a position on.</summary>
    public static int Run(ulong mask, int position) => BitOperations.TrailingZeroCount(~(mask >> position));

    private static ulong Join(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);

    /// <summary>Square and curly brackets differ in bit 0x20 alone.</summary>
    private static Vector256<byte> Brackets(Vector256<byte> v)
    {
        Vector256<byte> curly = v | Vector256.Create((byte)0x20);
        return Vector256.Equals(curly, Vector256.Create((byte)'{')) | Vector256.Equals(curly, Vector256.Create((byte)'}'))
            | Vector256.Equals(v, Vector256.Create((byte)',')) | Vector256.Equals(v, Vector256.Create((byte)':'));
    }

    private static Vector128<byte> Brackets(Vector128<byte> v)
    {
        Vector128<byte> curly = v | Vector128.Create((byte)0x20);
        return Vector128.Equals(curly, Vector128.Create((byte)'{')) | Vector128.Equals(curly, Vector128.Create((byte)'}'))
            | Vector128.Equals(v, Vector128.Create((byte)',')) | Vector128.Equals(v, Vector128.Create((byte)':'));
    }
}
