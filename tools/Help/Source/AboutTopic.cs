using Markdig.Syntax;

namespace GroupExport.Help.Source;

/// <summary>A topic: its lines as they are shown, 80 columns at most.</summary>
/// <param name="Name">about_ and what about.</param>
/// <param name="Lines">The whole text.</param>
internal sealed record AboutTopic(string Name, IReadOnlyList<string> Lines)
{
    private const int Width = 80;
    private const int Indent = 4;
    private const int SubheadingIndent = 2;

    public static AboutTopic Read(MarkdownFile file)
    {
        _ = file.Require("LONG DESCRIPTION");
        CheckShortDescription(file);
        _ = LinkList.Read(file.Require("SEE ALSO"), file);
        return new AboutTopic(file.Name, [.. LinesOf(file)]);
    }

    private static IEnumerable<string> LinesOf(MarkdownFile file)
    {
        // Get-Help takes the fifth line for the synopsis.
        yield return "TOPIC";
        yield return Indented(file.Name, Indent);
        PlainBlocks plain = new(file, Width - Indent);
        foreach (Section section in file.Sections)
        {
            yield return "";
            yield return section.Title.ToUpperInvariant();
            bool first = true;
            foreach (Block block in section.Blocks)
            {
                if (!first)
                {
                    yield return "";
                }

                first = false;
                foreach (string line in block is HeadingBlock heading ? [Indented(file.TextOf(heading), SubheadingIndent)] : plain.Of([block])[0].Lines.Select(line => Indented(line, Indent)))
                {
                    yield return line;
                }
            }
        }
    }

    private static void CheckShortDescription(MarkdownFile file)
    {
        Section section = file.Require("SHORT DESCRIPTION");
        if (section.Blocks is not [ParagraphBlock paragraph] || PlainText.Of(paragraph.Inline, file) is { Length: > Width - Indent } || file.Sections[0] != section)
        {
            file.Fault(section.Line, $"'## SHORT DESCRIPTION' should stand first and be one line of {Width - Indent} characters at most.");
        }
    }

    private static string Indented(string line, int indent) => line.Length == 0 ? "" : new string(' ', indent) + line;
}
