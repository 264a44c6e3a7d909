using Markdig;
using Markdig.Syntax;

namespace GroupExport.Help.Source;

/// <summary>One file: its title, and its sections in order.</summary>
internal sealed class MarkdownFile
{
    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();
    private readonly Findings _findings;

    private MarkdownFile(string path, Findings findings)
    {
        Path = path;
        _findings = findings;
    }

    public string Path { get; }

    /// <summary>The name without its extension, which is the name of what it tells about.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public IReadOnlyList<Section> Sections { get; private set; } = [];

    public static MarkdownFile Read(string path, Findings findings)
    {
        MarkdownFile file = new(path, findings);
        MarkdownDocument document = Markdown.Parse(File.ReadAllText(path), s_pipeline);
        if (document.FirstOrDefault() is not HeadingBlock { Level: 1 } title || file.TextOf(title) != file.Name)
        {
            file.Fault(0, $"The first line should be '# {file.Name}'.");
        }

        file.Sections = file.Split([.. document.Where(block => block is not HeadingBlock { Level: 1 })], level: 2);
        return file;
    }

    /// <summary>The section of that name; a finding and an empty one when there is none.</summary>
    public Section Require(string title)
    {
        Section? section = Sections.FirstOrDefault(section => section.Title == title);
        if (section is null)
        {
            Fault(0, $"The section '## {title}' is missing.");
        }
        else if (section.Blocks.Count == 0)
        {
            Fault(section.Line, $"The section '## {title}' is empty.");
        }

        return section ?? new Section(title, 0, []);
    }

    /// <summary>The parts of a section below its headings of the third level; what stands before the first is a finding.</summary>
    public IReadOnlyList<Section> Parts(Section section) => Split(section.Blocks, level: 3);

    /// <summary>The plain text of a heading.</summary>
    public string TextOf(HeadingBlock heading) => PlainText.Of(heading.Inline, this);

    /// <param name="line">Counted from 0, as the parser does.</param>
    /// <param name="text">What is wrong.</param>
    public void Fault(int line, string text) => _findings.Add(Path, line + 1, text);

    private List<Section> Split(IReadOnlyList<Block> blocks, int level)
    {
        List<Section> sections = [];
        foreach (Block block in blocks)
        {
            if (block is HeadingBlock heading && heading.Level == level)
            {
                sections.Add(new Section(TextOf(heading), block.Line, []));
            }
            else if (sections.Count == 0)
            {
                Fault(block.Line, $"A heading of level {level} should stand before this.");
            }
            else
            {
                sections[^1].Blocks.Add(block);
            }
        }

        return sections;
    }
}

/// <summary>A heading and what stands below it.</summary>
/// <param name="Title">The heading's text.</param>
/// <param name="Line">Its line, from 0.</param>
/// <param name="Blocks">What stands below.</param>
internal sealed record Section(string Title, int Line, List<Block> Blocks);
