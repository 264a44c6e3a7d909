using System.Text;

namespace GroupExport.Ndjson;

/// <summary>What is known of the current line and was found in those before it.</summary>
internal sealed class LineRecord(string? expectedType, bool hasHeaders, long maxLineBytes)
{
    private readonly byte[]? _expectedType = expectedType is null ? null : Encoding.UTF8.GetBytes(expectedType);
    private long _line = 1;
    private long _start;
    private bool _isHeader;

    public long Count { get; private set; }

    public long HeaderCount { get; private set; }

    public LineFindings Findings { get; } = new();

    /// <summary>Whether the line has said its type.</summary>
    public bool TypeKnown { get; private set; }

    /// <param name="position">Of the first byte that the line does not have, from the beginning of the file.</param>
    public bool IsTooLong(long position) => position - _start > maxLineBytes;

    /// <summary>The number of the line that is being read, from 1.</summary>
    public long Line => _line;

    /// <summary>At most once a line.</summary>
    public void Fault(string what) => Findings.Add(_line, what);

    /// <summary>Takes the value of <c>resourceType</c>.</summary>
    /// <returns>Whether it is an expected one; else the fault is recorded.</returns>
    public bool TryType(TypeProbe type)
    {
        TypeKnown = true;
        _isHeader = hasHeaders && type.Is("Parameters"u8);
        if (_isHeader || _expectedType is null || type.Is(_expectedType))
        {
            return true;
        }

        Fault(Findings.Full ? string.Empty : LineFaults.OtherType(type.Shown(), expectedType!));
        return false;
    }

    /// <param name="next">Where the next line begins in the file.</param>
    /// <param name="blank">Whether the line held nothing.</param>
    public void EndLine(long next, bool blank)
    {
        if (_isHeader)
        {
            HeaderCount++;
        }
        else if (!blank)
        {
            Count++;
        }

        _line++;
        _start = next;
        _isHeader = false;
        TypeKnown = false;
    }
}
