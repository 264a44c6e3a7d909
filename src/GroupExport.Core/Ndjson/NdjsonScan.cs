using System.Text;

namespace GroupExport.Ndjson;

/// <summary>
/// Checks that every line is one JSON object (RFC 8259) of the expected type, however long the line and wherever the chunks are cut: memory is
/// constant and nothing is allocated but the words of the first few findings.
/// </summary>
/// <remarks>Looks at blocks of 64 bytes that begin at multiples of 64 of the file, so that the chunks cannot matter; see <see cref="BlockScan"/>.</remarks>
internal sealed class NdjsonScan : ILineScan
{
    private readonly LineRecord _lines;
    private readonly BlockScan _blocks;
    private readonly byte[] _held = new byte[Block.Size];
    private int _heldBytes;
    private bool _started;
    private bool _endsInLine;

    /// <param name="expectedType">What <c>resourceType</c> must say; null when any will do.</param>
    /// <param name="hasHeaders">Whether lines of type <c>Parameters</c> are headers: organised output of FHIR Bulk Data Access.</param>
    /// <param name="maxLineBytes">A line may be so long, its newline left out.</param>
    public NdjsonScan(string? expectedType, bool hasHeaders, long maxLineBytes)
    {
        _lines = new LineRecord(expectedType, hasHeaders, maxLineBytes);
        _blocks = new BlockScan(new TokenWalk(_lines, LineFaults.TooLong(maxLineBytes)));
    }

    public long Count => _lines.Count;

    public long HeaderCount => _lines.HeaderCount;

    public IReadOnlyList<LineFinding> Findings => _lines.Findings.First;

    public long FindingCount => _lines.Findings.Count;

    public bool EndsInFault { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        _endsInLine = bytes.IsEmpty ? _endsInLine : bytes[^1] != (byte)'\n';

        // The first block is always held, because a byte order mark is to be taken from it.
        if (_heldBytes > 0 || !_started)
        {
            int taken = Math.Min(Block.Size - _heldBytes, bytes.Length);
            bytes[..taken].CopyTo(_held.AsSpan(_heldBytes));
            _heldBytes += taken;
            bytes = bytes[taken..];
            if (_heldBytes < Block.Size)
            {
                return;
            }

            ScanHeld();
        }

        int whole = bytes.Length - (bytes.Length % Block.Size);
        _blocks.Scan(bytes[..whole]);
        bytes[whole..].CopyTo(_held);
        _heldBytes = bytes.Length - whole;
    }

    /// <summary>Ends the last line, whether or not a newline does.</summary>
    public void Complete()
    {
        _held.AsSpan(_heldBytes).Fill((byte)' ');
        _held[_heldBytes] = (byte)'\n';
        ScanHeld();
        EndsInFault = _endsInLine && _lines.Findings.LastLine == _lines.Line - 1;
    }

    private void ScanHeld()
    {
        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        if (!_started && _held.AsSpan().StartsWith(mark))
        {
            _held.AsSpan(0, mark.Length).Fill((byte)' ');
        }

        _started = true;
        _blocks.Scan(_held);
    }
}
