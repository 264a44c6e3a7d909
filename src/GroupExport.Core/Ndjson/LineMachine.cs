using System.Numerics;
using Action = GroupExport.Ndjson.Grammar.Action;

namespace GroupExport.Ndjson;

/// <summary>
/// Goes from token to token over the masks of each block. Strings are never read byte by byte: a mask tells where they end, others where
/// something in them is wrong. A fault, or a newline inside a string, cuts the block, and what is behind the line is looked at anew.
/// </summary>
internal sealed class LineMachine(string? expectedType, bool hasHeaders, long maxLineBytes)
{
    private readonly LineRecord _record = new(expectedType, hasHeaders, maxLineBytes);
    private readonly TypeProbe _probe = new();
    private readonly string _tooLong = LineFaults.TooLong(maxLineBytes);
    private Nesting _nesting = new();
    private Escapes _escapes;
    private Utf8Blocks _utf8;

    /// <summary>All bits when the last byte was inside a string, else none.</summary>
    private ulong _inString;

    /// <summary>One when the last byte belonged to a number or literal, else none.</summary>
    private ulong _inScalar;
    private byte _scalar;

    /// <summary>What the string that the last block left open is probed for.</summary>
    private Action _probing;
    private int _place;
    private long _position;

    public long Count => _record.Count;

    public long HeaderCount => _record.HeaderCount;

    public LineFindings Findings => _record.Findings;

    /// <summary>The number of the line that is being read, from 1.</summary>
    public long Line => _record.Line;

    /// <param name="blocks">A multiple of 64 bytes.</param>
    public void Scan(ReadOnlySpan<byte> blocks)
    {
        for (; blocks.Length >= Block.Size; blocks = blocks[Block.Size..])
        {
            ScanBlock(blocks[..Block.Size]);
            _position += Block.Size;
            if (_record.IsTooLong(_position))
            {
                LineIsTooLong();
            }
        }
    }

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
        if (_inScalar != 0 || _probing != Action.None)
        {
            Continue(block, ~(brackets | blanks | quotes), quotes, newlines);
        }

        if (_place == Grammar.Skip)
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
            Walk(block, tokens & Block.Below(cuts), scalars, quotes, newlines);
            if (cuts == 0)
            {
                _inString = (ulong)((long)inString >> 63);
                _inScalar = scalars >> 63;
                return;
            }

            ulong cut = cuts & (0 - cuts);
            if (_place != Grammar.Skip)
            {
                _place = Fault(
                    (cut & newlines & inString) != 0 ? LineFaults.BreaksOffInString
                    : (cut & notUtf8) != 0 ? LineFaults.Utf8
                    : (cut & badEscapes) != 0 ? LineFaults.Escape
                    : LineFaults.Control);
            }

            live = SkipLine(newlines & live & ~Block.Below(cut));
        }
    }

    private void Walk(ReadOnlySpan<byte> block, ulong tokens, ulong scalars, ulong quotes, ulong newlines)
    {
        ReadOnlySpan<byte> tokenOf = Grammar.TokenOf;
        ReadOnlySpan<ushort> steps = Grammar.Steps;
        int place = _place;
        for (; tokens != 0; tokens &= tokens - 1)
        {
            int at = BitOperations.TrailingZeroCount(tokens);
            int step = steps[place + tokenOf[block[at]]];
            place = step & Grammar.PlaceMask;
            switch ((Action)(step >> Grammar.ActionShift))
            {
                case Action.None:
                    break;
                case Action.OpenObject:
                case Action.OpenArray:
                    if (!_nesting.TryPush((Action)(step >> Grammar.ActionShift) == Action.OpenArray))
                    {
                        place = Fault(LineFaults.TooDeep);
                    }

                    break;
                case Action.Close:
                    _nesting.Pop();
                    place = _nesting.Depth > 1 ? _nesting.InArray ? Grammar.AfterElement : Grammar.AfterMember : AfterOuter();
                    break;
                case Action.Scalar:
                    if (!TryScalar(Scalar.Start, block, at, Block.Run(scalars, at)))
                    {
                        place = Fault(LineFaults.Scalar);
                    }

                    break;
                case Action.EndLine:
                    place = EndLine(place, at);
                    break;
                case Action.ProbeKey:
                case Action.ProbeType:
                    _probing = (Action)(step >> Grammar.ActionShift);
                    _probe.Clear();
                    place = Probe(block, at + 1, (quotes | newlines) & Block.Above(at), newlines, place);
                    break;
                default:
                    place = Fault(place switch
                    {
                        Grammar.LineStart => LineFaults.NoObject,
                        Grammar.Done => LineFaults.GoesOn,
                        Grammar.TypeValue => LineFaults.TypeIsNoString,
                        _ => LineFaults.Misplaced,
                    });
                    break;
            }
        }

        _place = place;
    }

    /// <summary>Goes on with what the block before left open, a scalar or a probed string; they begin the block.</summary>
    private void Continue(ReadOnlySpan<byte> block, ulong outside, ulong quotes, ulong newlines)
    {
        if (_place == Grammar.Skip)
        {
            return;
        }

        if (_inScalar != 0 && !TryScalar(_scalar, block, 0, Block.Run(outside, 0)))
        {
            _place = Fault(LineFaults.Scalar);
        }

        if (_probing != Action.None)
        {
            _place = Probe(block, 0, quotes | newlines, newlines, _place);
        }
    }

    private bool TryScalar(byte state, ReadOnlySpan<byte> block, int from, int length)
    {
        _scalar = Scalar.Next(state, block.Slice(from, length));
        return Scalar.IsComplete(_scalar) || from + length == Block.Size;
    }

    /// <summary>Takes the part of a probed string that is in this block.</summary>
    /// <param name="block">Exactly 64 bytes.</param>
    /// <param name="from">Where the part begins.</param>
    /// <param name="ends">Where it may end.</param>
    /// <param name="newlines">Those ends that break it off, which is not for the probe to report.</param>
    /// <param name="place">Where the string leads if it is of no interest.</param>
    /// <returns>Where the string leads.</returns>
    private int Probe(ReadOnlySpan<byte> block, int from, ulong ends, ulong newlines, int place)
    {
        int end = BitOperations.TrailingZeroCount(ends);
        _probe.Add(block[from..end]);
        if (end == Block.Size)
        {
            return place;
        }

        bool isKey = _probing == Action.ProbeKey;
        _probing = Action.None;
        if (((newlines >> end) & 1) != 0)
        {
            return place;
        }

        _probe.Complete();
        return isKey ? _probe.Is("resourceType"u8) ? Grammar.TypeColon : place
            : _record.TryType(_probe) ? place
            : Grammar.Skip;
    }

    /// <summary>Where a closed bracket leads when at most the object of the line is still open.</summary>
    private int AfterOuter() =>
        _nesting.Depth == 0 ? Grammar.Done
        : _record.TypeKnown ? Grammar.AfterMember
        : Grammar.TypelessAfterMember;

    private int Fault(string what)
    {
        _record.Fault(what);
        return Grammar.Skip;
    }

    private void LineIsTooLong()
    {
        if (_place is not (Grammar.LineStart or Grammar.Skip))
        {
            _place = Fault(_tooLong);
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
        _place = EndLine(_place, at);
        return Block.Above(at);
    }

    private int EndLine(int place, int at)
    {
        if (place is not (Grammar.LineStart or Grammar.Skip))
        {
            if (_record.IsTooLong(_position + at))
            {
                Fault(_tooLong);
            }
            else if (place != Grammar.Done)
            {
                Fault(LineFaults.BreaksOff);
            }
            else if (!_record.TypeKnown)
            {
                Fault(LineFaults.NoType);
            }
        }

        _probing = Action.None;
        _nesting.Clear();
        _record.EndLine(_position + at + 1, place == Grammar.LineStart);
        return Grammar.LineStart;
    }
}
