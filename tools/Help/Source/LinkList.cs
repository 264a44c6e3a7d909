using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GroupExport.Help.Source;

/// <summary>A section that is a list of links.</summary>
internal static class LinkList
{
    public static IReadOnlyList<HelpLink> Read(Section section, MarkdownFile file)
    {
        List<HelpLink> links = [];
        foreach (Block block in section.Blocks.SelectMany(block => block is ListBlock list ? (IEnumerable<Block>)list : [block]))
        {
            if (block is ListItemBlock item && item.Count == 1 && item[0] is ParagraphBlock { Inline.FirstChild: LinkInline { NextSibling: null } link })
            {
                HelpLink.Check(link, file);
                links.Add(new HelpLink(TextOf(link), HelpLink.IsPage(link.Url) ? link.Url : null));
            }
            else
            {
                file.Fault(block.Line, "This should be a list of links: '- [text](address)'.");
            }
        }

        return links;
    }

    private static string TextOf(LinkInline link) =>
        string.Concat(link.Descendants().Select(inline => inline switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            _ => "",
        }));
}
