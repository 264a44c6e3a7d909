namespace GroupExport.Ndjson;

/// <summary>Looks at the lines of one NDJSON file while its bytes go by, in chunks of any size.</summary>
/// <remarks>Blank lines, carriage returns before the newline, a byte order mark at the start and a missing last newline do not matter.</remarks>
internal interface ILineScan
{
    /// <summary>Lines that hold a resource, faulty ones too. Exact after <see cref="Complete"/>.</summary>
    long Count { get; }

    /// <summary>Lines that hold a header of organised output.</summary>
    long HeaderCount { get; }

    /// <summary>The first few faulty lines.</summary>
    IReadOnlyList<LineFinding> Findings { get; }

    /// <summary>All faulty lines.</summary>
    long FindingCount { get; }

    /// <summary>Whether the file ends without a newline in a faulty line, which is what a cut looks like. Known after <see cref="Complete"/>.</summary>
    bool EndsInFault { get; }

    void Add(ReadOnlySpan<byte> bytes);

    /// <summary>The file ends here.</summary>
    void Complete();
}
