using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace GroupExport.Help.Source;

/// <summary>A table as columns where it is narrow enough; else row by row, each cell behind the heading of its column.</summary>
/// <param name="table">The table.</param>
/// <param name="file">Takes the findings.</param>
internal sealed class PlainTable(Table table, MarkdownFile file)
{
    private const string Gap = "  ";

    private readonly string[][] _rows = [.. table.Cast<TableRow>().Select(row => row.Cast<TableCell>().Select(cell => Text(cell, file)).ToArray())];

    /// <param name="width">The longest line.</param>
    public IReadOnlyList<string> Lines(int width)
    {
        int[] widths = [.. Enumerable.Range(0, _rows.Max(row => row.Length)).Select(column => _rows.Max(row => row.ElementAtOrDefault(column)?.Length ?? 0))];
        return widths.Sum() + (Gap.Length * (widths.Length - 1)) <= width ? Columns(widths) : [.. RowByRow(width)];
    }

    private string[] Columns(int[] widths) =>
    [
        Line(_rows[0], widths),
        Line([.. _rows[0].Select(heading => new string('-', heading.Length))], widths),
        .. _rows.Skip(1).Select(row => Line(row, widths)),
    ];

    private static string Line(string[] cells, int[] widths) =>
        string.Join(Gap, cells.Zip(widths, (cell, width) => cell.PadRight(width))).TrimEnd();

    private IEnumerable<string> RowByRow(int width)
    {
        foreach (string[] row in _rows.Skip(1))
        {
            if (row != _rows[1])
            {
                yield return "";
            }

            yield return row[0];
            foreach ((string heading, string cell) in _rows[0].Zip(row).Skip(1).Where(pair => pair.Second.Length > 0))
            {
                foreach (string line in Wrapping.Wrap($"{heading}: {cell}", width == int.MaxValue ? width : width - Gap.Length))
                {
                    yield return Gap + line;
                }
            }
        }
    }

    private static string Text(TableCell cell, MarkdownFile file) =>
        string.Join(' ', cell.OfType<ParagraphBlock>().Select(paragraph => PlainText.Of(paragraph.Inline, file).Replace('\n', ' ')));
}
