using System.Numerics;
using System.Runtime.CompilerServices;
using Action = GroupExport.Ndjson.Grammar.Action;

namespace GroupExport.Ndjson;

/// <summary>Holds the tokens of each line against the <see cref="Grammar"/>, and looks closer at the few that need it.</summary>
internal sealed class TokenWalk(LineRecord lines, string tooLong)
{
    private readonly TypeProbe _probe = new();
    private Nesting _nesting = new();
    private byte _scalar;

    /// <summary>What the string that the last block left open is probed for. A faulty line may leave it behind; the first key of the next sets it anew.</summary>
    private Action _probing;
    private int _place;

    /// <summary>Where the block begins in the file.</summary>
    private long _position;

    /// <summary>Whether the line has its finding, and only its end counts.</summary>
    public bool IsSkipping => _place == Grammar.Skip;

    public void Fault(string what) => _place = Failed(what);

    public void EndBlock()
    {
        _position += Block.Size;
        if (lines.IsTooLong(_position) && _place is not (Grammar.LineStart or Grammar.Skip))
        {
            Fault(tooLong);
        }
    }

    public void EndLine(int at) => _place = EndLine(_place, at);

    /// <summary>Goes on with a number or literal that the block before left open.</summary>
    public void ContinueScalar(ReadOnlySpan<byte> block, ulong outside)
    {
        if (!IsSkipping && !TryScalar(_scalar, block, 0, Block.Run(outside, 0)))
        {
            Fault(LineFaults.Scalar);
        }
    }

    /// <summary>Goes on with a string that the block before left open.</summary>
    public void ContinueString(ReadOnlySpan<byte> block, ulong quotes, ulong newlines)
    {
        if (!IsSkipping && _probing != Action.None)
        {
            _place = Probe(block, 0, quotes | newlines, newlines, _place);
        }
    }

    /// <summary>Goes from token to token.</summary>
    /// <param name="block">Exactly 64 bytes.</param>
    /// <param name="tokens">Structural characters, newlines and the first bytes of strings and scalars.</param>
    /// <param name="scalars">All bytes of numbers and literals.</param>
    /// <param name="quotes">Where strings begin and end.</param>
    /// <param name="newlines">Where lines end.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Walk(ReadOnlySpan<byte> block, ulong tokens, ulong scalars, ulong quotes, ulong newlines)
    {
        ReadOnlySpan<byte> tokenOf = Grammar.TokenOf;
        ReadOnlySpan<ushort> steps = Grammar.Steps;
        int place = _place;
        for (; tokens != 0; tokens &= tokens - 1)
        {
            int at = BitOperations.TrailingZeroCount(tokens);
            int step = steps[place + tokenOf[block[at]]];
            if (step <= Grammar.PlaceMask)
            {
                place = step;
                continue;
            }

            // In the order of how often they occur, which a jump table would not know.
            Action action = (Action)(step >> Grammar.ActionShift);
            place = step & Grammar.PlaceMask;
            if (action == Action.Close)
            {
                _nesting.Pop();
                place = _nesting.Depth > 1 ? _nesting.InArray ? Grammar.AfterElement : Grammar.AfterMember : AfterOuter();
            }
            else if (action <= Action.OpenArray)
            {
                place = _nesting.TryPush(action == Action.OpenArray) ? place : Failed(LineFaults.TooDeep);
            }
            else if (action == Action.Scalar)
            {
                place = TryScalar(Scalar.Start, block, at, Block.Run(scalars, at)) ? place : Failed(LineFaults.Scalar);
            }
            else
            {
                place = Step(action, place, block, at, quotes, newlines);
            }
        }

        _place = place;
    }

    /// <summary>What is asked for a few times a line at most.</summary>
    private int Step(Action action, int place, ReadOnlySpan<byte> block, int at, ulong quotes, ulong newlines)
    {
        if (action == Action.EndLine)
        {
            return EndLine(place, at);
        }

        if (action is Action.ProbeKey or Action.ProbeType)
        {
            _probing = action;
            _probe.Clear();
            return Probe(block, at + 1, (quotes | newlines) & Block.Above(at), newlines, place);
        }

        return Failed(place switch
        {
            Grammar.LineStart => LineFaults.NoObject,
            Grammar.Done => LineFaults.GoesOn,
            Grammar.TypeValue => LineFaults.TypeIsNoString,
            _ => LineFaults.Misplaced,
        });
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
            : lines.TryType(_probe) ? place
            : Grammar.Skip;
    }

    /// <summary>Where a closed bracket leads when at most the object of the line is still open.</summary>
    private int AfterOuter() =>
        _nesting.Depth == 0 ? Grammar.Done
        : lines.TypeKnown ? Grammar.AfterMember
        : Grammar.TypelessAfterMember;

    private int Failed(string what)
    {
        lines.Fault(what);
        return Grammar.Skip;
    }

    private int EndLine(int place, int at)
    {
        if (place is not (Grammar.LineStart or Grammar.Skip))
        {
            if (lines.IsTooLong(_position + at))
            {
                lines.Fault(tooLong);
            }
            else if (place != Grammar.Done)
            {
                lines.Fault(LineFaults.BreaksOff);
            }
            else if (!lines.TypeKnown)
            {
                lines.Fault(LineFaults.NoType);
            }
        }

        _nesting.Clear();
        lines.EndLine(_position + at + 1, place == Grammar.LineStart);
        return Grammar.LineStart;
    }
}
