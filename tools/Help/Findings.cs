namespace GroupExport.Help;

/// <summary>What is wrong with the source.</summary>
internal sealed class Findings
{
    private readonly SortedSet<Finding> _all = [];

    /// <summary>By file and line; each once.</summary>
    public IReadOnlyCollection<Finding> All => _all;

    /// <param name="path">The file.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="text">What is wrong and what should be there.</param>
    public void Add(string path, int line, string text) => _all.Add(new Finding(path, line, text));

    /// <summary>In the form that MSBuild takes for errors of its own.</summary>
    public void WriteTo(TextWriter writer)
    {
        foreach (Finding finding in _all)
        {
            writer.WriteLine($"{finding.Path}({finding.Line}): error HELP: {finding.Text}");
        }
    }
}

/// <summary>One thing that is wrong.</summary>
internal sealed record Finding(string Path, int Line, string Text) : IComparable<Finding>
{
    public int CompareTo(Finding? other) => other is null
        ? 1
        : (string.CompareOrdinal(Path, other.Path), Line - other.Line, string.CompareOrdinal(Text, other.Text)) switch
        {
            (not 0 and var path, _, _) => path,
            (_, not 0 and var line, _) => line,
            var (_, _, text) => text,
        };
}
