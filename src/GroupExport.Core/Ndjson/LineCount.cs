namespace GroupExport.Ndjson;

/// <summary>
/// Counts lines at the speed of memory and looks only at their ends: each must begin with an opening brace and end with a closing one. Does not
/// tell headers of organised output from resources.
/// </summary>
internal sealed class LineCount(long maxLineBytes) : ILineScan
{
    private static ReadOnlySpan<byte> Blanks => " \t\r"u8;

    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    private readonly LineFindings _findings = new();
    private readonly string _tooLong = LineFaults.TooLong(maxLineBytes);
    private long _line = 1;
    private long _lineBytes;
    private bool _inLine;
    private bool _isFaulty;
    private byte _last;

    /// <summary>How much of a byte order mark there was; beyond its length when the file does not begin with one.</summary>
    private int _marked;

    public long Count { get; private set; }

    public long HeaderCount => 0;

    public IReadOnlyList<LineFinding> Findings => _findings.First;

    public long FindingCount => _findings.Count;

    public bool EndsInFault { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes = WithoutMark(bytes);
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            Line(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }

            EndLine();
            bytes = bytes[(end + 1)..];
        }
    }

    public void Complete()
    {
        if (_marked is > 0 and < 3)
        {
            Line(Mark[.._marked]);
        }

        EndLine();
        EndsInFault = _findings.LastLine == _line - 1;
    }

    private void Line(ReadOnlySpan<byte> part)
    {
        _lineBytes += part.Length;
        if (!_inLine)
        {
            int start = part.IndexOfAnyExcept(Blanks);
            if (start < 0)
            {
                return;
            }

            _inLine = true;
            Count++;
            if (part[start] != (byte)'{')
            {
                Fault(LineFaults.NoObject);
            }
        }

        int last = part.LastIndexOfAnyExcept(Blanks);
        if (last >= 0)
        {
            _last = part[last];
        }

        if (_lineBytes > maxLineBytes)
        {
            Fault(_tooLong);
        }
    }

    private void Fault(string what)
    {
        if (!_isFaulty)
        {
            _isFaulty = true;
            _findings.Add(_line, what);
        }
    }

    private void EndLine()
    {
        if (_inLine && _last != (byte)'}')
        {
            Fault(LineFaults.BreaksOff);
        }

        _line++;
        _lineBytes = 0;
        _inLine = false;
        _isFaulty = false;
    }

    /// <summary>A mark may come in pieces; what only began like one belongs to the first line.</summary>
    private ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes)
    {
        while (_marked < Mark.Length && !bytes.IsEmpty)
        {
            if (bytes[0] != Mark[_marked])
            {
                Line(Mark[.._marked]);
                _marked = Mark.Length;
                break;
            }

            _marked++;
            bytes = bytes[1..];
        }

        return bytes;
    }
}
