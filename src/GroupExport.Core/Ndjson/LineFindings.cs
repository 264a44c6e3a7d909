namespace GroupExport.Ndjson;

/// <summary>The first few findings and the number of all, so that a file of nothing but faults costs no memory.</summary>
internal sealed class LineFindings
{
    private const int Kept = 5;

    private readonly List<LineFinding> _first = new(Kept);

    public IReadOnlyList<LineFinding> First => _first;

    public long Count { get; private set; }

    /// <summary>The line of the last finding; 0 when there is none.</summary>
    public long LastLine { get; private set; }

    /// <summary>Whether the next finding is only counted; its words need not be made then.</summary>
    public bool Full => _first.Count == Kept;

    public void Add(long line, string what)
    {
        Count++;
        LastLine = line;
        if (!Full)
        {
            _first.Add(new LineFinding(line, what));
        }
    }
}
