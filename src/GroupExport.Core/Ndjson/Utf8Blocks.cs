using System.Runtime.CompilerServices;

namespace GroupExport.Ndjson;

/// <summary>Finds bytes that break UTF-8 (RFC 3629 section 4), across the borders of blocks.</summary>
internal struct Utf8Blocks
{
    // Bit 0 of each is what the last byte of the block before asks of the first of this one.
    private ulong _second;
    private ulong _secondOfMore;
    private ulong _secondOfFour;
    private ulong _third;
    private ulong _thirdOfFour;
    private ulong _fourth;
    private ulong _afterE0;
    private ulong _afterED;
    private ulong _afterF0;
    private ulong _afterF4;

    /// <summary>Whether a sequence goes on in the next block.</summary>
    public bool IsOpen { get; private set; }

    /// <returns>The bytes that should not be where they are; one that fails ends what is asked of those behind it, so that a fault stays in its line.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong Faults(ReadOnlySpan<byte> block, ulong nonAscii)
    {
        ulong leads = Block.AtLeast(block, 0xC0);
        ulong following = nonAscii & ~leads;
        ulong overlong = leads & ~Block.AtLeast(block, 0xC2);
        ulong more = leads == 0 ? 0 : Block.AtLeast(block, 0xE0);
        ulong four = more == 0 ? 0 : Block.AtLeast(block, 0xF0);
        ulong beyond = four == 0 ? 0 : Block.AtLeast(block, 0xF5);

        ulong second = Next(leads & ~overlong & ~beyond, ref _second);
        ulong third = Next(Next(more & ~beyond, ref _secondOfMore) & following, ref _third);
        ulong thirdOfFour = Next(Next(four & ~beyond, ref _secondOfFour) & following, ref _thirdOfFour);
        ulong fourth = Next(thirdOfFour & following, ref _fourth);
        IsOpen = (_second | _third | _fourth) != 0;
        return ((second | third | fourth) ^ following) | overlong | beyond | Narrow(block, more, four);
    }

    /// <summary>Second bytes that would make an overlong form, a surrogate or a character beyond U+10FFFF: allowed in general, but not behind that first one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ulong Narrow(ReadOnlySpan<byte> block, ulong more, ulong four)
    {
        ulong afterE0 = Next(more == 0 ? 0 : Block.Equal(block, 0xE0), ref _afterE0);
        ulong afterED = Next(more == 0 ? 0 : Block.Equal(block, 0xED), ref _afterED);
        ulong afterF0 = Next(four == 0 ? 0 : Block.Equal(block, 0xF0), ref _afterF0);
        ulong afterF4 = Next(four == 0 ? 0 : Block.Equal(block, 0xF4), ref _afterF4);
        if ((afterE0 | afterED | afterF0 | afterF4) == 0)
        {
            return 0;
        }

        ulong atLeast90 = Block.AtLeast(block, 0x90);
        ulong atLeastA0 = Block.AtLeast(block, 0xA0);
        return (afterE0 & ~atLeastA0) | (afterED & atLeastA0) | (afterF0 & ~atLeast90) | (afterF4 & atLeast90);
    }

    /// <summary>Moves each bit to the byte behind it.</summary>
    private static ulong Next(ulong mask, ref ulong carried)
    {
        ulong next = (mask << 1) | carried;
        carried = mask >> 63;
        return next;
    }
}
