using Markdig.Syntax.Inlines;

namespace GroupExport.Help.Source;

/// <summary>A related link.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Page">The address of a web page; null for a cmdlet or topic of the module.</param>
internal sealed record HelpLink(string Text, string? Page)
{
    public static bool IsPage(string? url) => url?.StartsWith("https://", StringComparison.Ordinal) == true;

    /// <summary>A link leads to a web page or to a file beside, whose name it shows.</summary>
    public static void Check(LinkInline link, MarkdownFile file)
    {
        if (IsPage(link.Url))
        {
            return;
        }

        string folder = Path.GetDirectoryName(file.Path)!;
        if (link.Url is null || Path.GetFileName(link.Url) != link.Url || !link.Url.EndsWith(".md", StringComparison.Ordinal) || !File.Exists(Path.Combine(folder, link.Url)))
        {
            file.Fault(link.Line, $"The link to '{link.Url}' leads nowhere: it should be an https address or a file of this folder.");
        }
    }
}
