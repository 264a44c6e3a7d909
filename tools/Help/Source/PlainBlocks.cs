using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace GroupExport.Help.Source;

/// <summary>Paragraphs, lists, code and tables as lines of plain text.</summary>
/// <param name="file">Takes the findings.</param>
/// <param name="width">The longest line; text is wrapped there.</param>
internal sealed class PlainBlocks(MarkdownFile file, int width)
{
    /// <summary>Code stands in from the text around it by so much.</summary>
    public const int CodeIndent = 4;

    /// <summary>One chunk for each block; a blank line belongs between two.</summary>
    public IReadOnlyList<PlainBlock> Of(IEnumerable<Block> blocks) => [.. blocks.Select(One)];

    private PlainBlock One(Block block) => block switch
    {
        ParagraphBlock paragraph => new PlainBlock(Wrapping.Wrap(PlainText.Of(paragraph.Inline, file).Replace('\n', ' '), width), IsText: true),
        ListBlock list => new PlainBlock([.. ListLines(list)], IsText: false),
        CodeBlock code => new PlainBlock([.. CodeLines(code)], IsText: false),
        Table table => new PlainBlock(new PlainTable(table, file).Lines(width), IsText: false),
        _ => Unknown(block),
    };

    private IEnumerable<string> ListLines(ListBlock list)
    {
        int number = int.TryParse(list.OrderedStart, out int start) ? start : 1;
        foreach (ListItemBlock item in list.Cast<ListItemBlock>())
        {
            string bullet = list.IsOrdered ? $"{number++}. " : "- ";
            PlainBlocks inner = new(file, width == int.MaxValue ? width : width - bullet.Length);
            string[] lines = [.. inner.Of(item).SelectMany(block => block.Lines)];
            foreach ((int index, string line) in lines.Index())
            {
                yield return (index == 0 ? bullet : new string(' ', bullet.Length)) + line;
            }
        }
    }

    private IEnumerable<string> CodeLines(CodeBlock code)
    {
        foreach ((int index, string line) in SourceCode.Lines(code).Index())
        {
            if (line.Length > width - CodeIndent)
            {
                file.Fault(code.Line + index + 1, $"This line of code is longer than {width - CodeIndent}.");
            }

            yield return line.Length == 0 ? "" : new string(' ', CodeIndent) + line;
        }
    }

    private PlainBlock Unknown(Block block)
    {
        file.Fault(block.Line, $"Help cannot show this ({block.GetType().Name}).");
        return new PlainBlock([], IsText: false);
    }
}

/// <summary>The lines of one block.</summary>
/// <param name="Lines">Without the indent of what stands around.</param>
/// <param name="IsText">A paragraph, which the reader's console may wrap as it likes.</param>
internal sealed record PlainBlock(IReadOnlyList<string> Lines, bool IsText);

/// <summary>The lines of a code block.</summary>
internal static class SourceCode
{
    public static IReadOnlyList<string> Lines(CodeBlock code) => [.. code.Lines.Lines.Take(code.Lines.Count).Select(line => line.ToString().TrimEnd())];
}
