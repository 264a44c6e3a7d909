namespace GroupExport.Help.Source;

/// <summary>Breaks text at blanks.</summary>
internal static class Wrapping
{
    /// <summary>Lines of the width at most; a single longer word stands in a line of its own.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line += line.Length == 0 ? word : ' ' + word;
        }

        return line.Length > 0 ? [.. lines, line] : lines;
    }
}
