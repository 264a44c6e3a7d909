using System.Numerics;
using System.Runtime.CompilerServices;

namespace GroupExport.Ndjson;

/// <summary>
/// Turns blocks into the masks by which <see cref="TokenWalk"/> goes from token to token. Strings are never read byte by byte: a mask tells where
/// they end, others where something in them is wrong. A fault, or a newline inside a string, cuts the block, and what is behind the line is
/// looked at anew.
/// </summary>
internal sealed class BlockScan(TokenWalk walk)
{
    private Escapes _escapes;
    private Utf8Blocks _utf8;

    /// <summary>All bits when the last byte was inside a string, else none.</summary>
    private ulong _inString;

    /// <summary>One when the last byte belonged to a number or literal, else none.</summary>
    private ulong _inScalar;

    /// <param name="blocks">A multiple of 64 bytes.</param>
    public void Scan(ReadOnlySpan<byte> blocks)
    {
        for (; blocks.Length >= Block.Size; blocks = blocks[Block.Size..])
        {
            ScanBlock(blocks[..Block.Size]);
            walk.EndBlock();
        }
    }

    /// <remarks>
    /// Compiled with all optimizations at once, as are the others that a block passes through: code from ahead of time has no 256-bit vectors and is
    /// rejected, and what the runtime compiles first instead, without optimization and then to count calls, would scan the beginning of every export.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanBlock(ReadOnlySpan<byte> block)
    {
        Block.Classify(block, out ulong quotes, out ulong backslashes, out ulong brackets, out ulong blanks, out ulong controls, out ulong nonAscii);
        ulong escaped = _escapes.Escaped(backslashes);
        quotes &= ~escaped;
        ulong newlines = 0;
        ulong wrongControls = 0;
        if (controls != 0)
        {
            newlines = Block.Equal(block, (byte)'\n');
            wrongControls = controls & ~(newlines | Block.Equal(block, (byte)'\r') | Block.Equal(block, (byte)'\t'));
        }

        ulong notUtf8 = nonAscii != 0 || _utf8.IsOpen ? _utf8.Faults(block, nonAscii) : 0;
        ulong live = ulong.MaxValue;
        if (_inScalar != 0)
        {
            walk.ContinueScalar(block, ~(brackets | blanks | quotes));
        }
        else if (_inString != 0)
        {
            walk.ContinueString(block, quotes, newlines);
        }

        if (walk.IsSkipping)
        {
            live = SkipLine(newlines);
        }

        while (live != 0)
        {
            ulong inString = Block.Enclosed(quotes & live) ^ _inString;
            ulong badControls = wrongControls | (controls & inString & ~newlines);
            ulong escapes = escaped & inString & live;
            ulong badEscapes = escapes != 0 || _escapes.IsOpen ? _escapes.Faults(block, escapes) : 0;
            ulong cuts = ((newlines & inString) | badControls | badEscapes | notUtf8) & live;

            ulong scalars = ~(brackets | blanks | quotes | inString) & live;
            ulong starts = scalars & ~((scalars << 1) | _inScalar);
            ulong tokens = (((brackets | newlines) & ~inString) | (quotes & inString) | starts) & live;
            walk.Walk(block, tokens & Block.Below(cuts), scalars, quotes, newlines);
            if (cuts == 0)
            {
                _inString = (ulong)((long)inString >> 63);
                _inScalar = scalars >> 63;
                return;
            }

            ulong cut = cuts & (0 - cuts);
            if (!walk.IsSkipping)
            {
                walk.Fault(
                    (cut & newlines & inString) != 0 ? LineFaults.BreaksOffInString
                    : (cut & notUtf8) != 0 ? LineFaults.Utf8
                    : (cut & badEscapes) != 0 ? LineFaults.Escape
                    : LineFaults.Control);
            }

            live = SkipLine(newlines & live & ~Block.Below(cut));
        }
    }

    /// <summary>Leaves a faulty line for the next one, if that begins in this block.</summary>
    /// <returns>The bytes behind the line.</returns>
    private ulong SkipLine(ulong newlines)
    {
        _inString = 0;
        _inScalar = 0;
        _escapes.Forget();
        if (newlines == 0)
        {
            return 0;
        }

        int at = BitOperations.TrailingZeroCount(newlines);
        walk.EndLine(at);
        return Block.Above(at);
    }
}
