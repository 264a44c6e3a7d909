using System.Text;
using Markdig.Syntax.Inlines;

namespace GroupExport.Help.Source;

/// <summary>Markdown within a line as the plain text that help shows: no marks, links with their address.</summary>
internal static class PlainText
{
    /// <param name="inlines">What stands in a heading, a paragraph or a cell.</param>
    /// <param name="file">Takes the findings: what plain text cannot show, and links that lead nowhere.</param>
    /// <returns>One line for each line of the source.</returns>
    public static string Of(ContainerInline? inlines, MarkdownFile file)
    {
        StringBuilder text = new();
        Append(text, inlines, file);
        return text.ToString().Trim();
    }

    private static void Append(StringBuilder text, ContainerInline? inlines, MarkdownFile file)
    {
        foreach (Inline inline in inlines ?? [])
        {
            switch (inline)
            {
                case LiteralInline literal:
                    text.Append(literal.Content);
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded);
                    break;
                case LineBreakInline:
                    text.Append('\n');
                    break;
                case AutolinkInline address:
                    text.Append(address.Url);
                    break;
                case LinkInline { IsImage: false } link:
                    Append(text, link, file);
                    HelpLink.Check(link, file);
                    text.Append(HelpLink.IsPage(link.Url) ? $" ({link.Url})" : "");
                    break;
                case EmphasisInline emphasis:
                    Append(text, emphasis, file);
                    break;
                default:
                    file.Fault(inline.Line, $"Plain text cannot show this ({inline.GetType().Name}); what looks like HTML goes between backticks.");
                    break;
            }
        }
    }
}
