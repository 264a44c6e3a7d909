using System.Text.RegularExpressions;
using Markdig.Syntax;

namespace GroupExport.Help.Source;

/// <summary>Reads the file of a cmdlet, as docs/en-US/README.md says how it looks.</summary>
/// <param name="file">The file; takes the findings.</param>
internal sealed partial class CmdletTopicReader(MarkdownFile file)
{
    private const int FewestExamples = 3;
    private const string DefaultValueMark = "Default value:";
    private static readonly string[] s_sections = ["SYNOPSIS", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    public CmdletTopic Read()
    {
        CheckOrder();
        return new CmdletTopic(
            file,
            Synopsis(file.Require("SYNOPSIS")),
            Paragraphs(file.Require("DESCRIPTION").Blocks),
            Examples(file.Require("EXAMPLES")),
            Parameters(),
            Types(file.Require("INPUTS")),
            Types(file.Require("OUTPUTS")),
            file.Sections.Any(section => section.Title == "NOTES") ? Paragraphs(file.Require("NOTES").Blocks) : [],
            LinkList.Read(file.Require("RELATED LINKS"), file));
    }

    private void CheckOrder()
    {
        int last = -1;
        foreach (Section section in file.Sections)
        {
            int place = Array.IndexOf(s_sections, section.Title);
            if (place <= last)
            {
                string order = string.Join(", ", s_sections);
                file.Fault(section.Line, place < 0 ? $"There is no section '{section.Title}', only {order}." : $"'{section.Title}' is out of order, or there twice: {order}.");
            }

            last = Math.Max(last, place);
        }
    }

    private string Synopsis(Section section)
    {
        List<string> paragraphs = Paragraphs(section.Blocks);
        if (paragraphs.Count != 1 && section.Blocks.Count > 0)
        {
            file.Fault(section.Line, "The synopsis should be one paragraph.");
        }

        return string.Join(' ', paragraphs);
    }

    private List<Example> Examples(Section section)
    {
        List<Example> examples = [.. file.Parts(section).Select((part, index) => Example(part, index + 1)).OfType<Example>()];
        if (examples.Count < FewestExamples && section.Blocks.Count > 0)
        {
            file.Fault(section.Line, $"There should be {FewestExamples} examples or more.");
        }

        return examples;
    }

    private Example? Example(Section part, int number)
    {
        Match title = ExampleTitle().Match(part.Title);
        if (!title.Success || title.Groups["number"].Value != $"{number}")
        {
            file.Fault(part.Line, $"The heading should read '### Example {number}: <title>'.");
        }

        if (part.Blocks.FirstOrDefault() is not FencedCodeBlock { Info: "powershell", Arguments: "" or "norun" or null } code)
        {
            file.Fault(part.Line, "An example begins with a block ```powershell or ```powershell norun.");
            return null;
        }

        foreach (FencedCodeBlock other in part.Blocks.Skip(1).OfType<FencedCodeBlock>().Where(block => block.Info != "text"))
        {
            file.Fault(other.Line, "An example has one block of code; what it prints goes into a block ```text.");
        }

        if (!part.Blocks.OfType<ParagraphBlock>().Any(paragraph => PlainText.Of(paragraph.Inline, file) is [.., '.' or '!' or '?']))
        {
            file.Fault(part.Line, "A sentence about the example should follow its code.");
        }

        return new Example(title.Groups["title"].Value, string.Join('\n', SourceCode.Lines(code)), Paragraphs(part.Blocks.Skip(1)));
    }

    // A cmdlet may have no parameters of its own.
    private List<ParameterText> Parameters()
    {
        List<ParameterText> parameters = [];
        Section? section = file.Sections.FirstOrDefault(section => section.Title == "PARAMETERS");
        foreach (Section part in section is null ? [] : file.Parts(section))
        {
            (IEnumerable<Block> blocks, string? value) = TakeDefaultValue(part.Blocks);
            List<string> paragraphs = Paragraphs(blocks);
            if (part.Title is not ['-', .. string name])
            {
                file.Fault(part.Line, "The heading of a parameter should read '### -<name>'.");
            }
            else if (paragraphs.Count == 0)
            {
                file.Fault(part.Line, $"-{name} has no text.");
            }
            else if (parameters.Any(parameter => parameter.Name == name))
            {
                file.Fault(part.Line, $"-{name} is there twice.");
            }
            else
            {
                parameters.Add(new ParameterText(name, part.Line, paragraphs, value));
            }
        }

        return parameters;
    }

    private (IEnumerable<Block> Blocks, string? Value) TakeDefaultValue(List<Block> blocks) =>
        blocks is [.. var text, ParagraphBlock last] && PlainText.Of(last.Inline, file) is var line && line.StartsWith(DefaultValueMark, StringComparison.Ordinal)
            ? (text, line[DefaultValueMark.Length..].Replace('\n', ' ').Trim().TrimEnd('.'))
            : (blocks, null);

    private List<TypeText> Types(Section section)
    {
        List<TypeText> types = [.. file.Parts(section).Select(part => new TypeText(part.Title, part.Line, Paragraphs(part.Blocks)))];
        foreach (TypeText type in types.Where(type => type.Paragraphs.Count == 0 && type.Type != "None"))
        {
            file.Fault(type.Line, $"'{type.Type}' has no text.");
        }

        return types;
    }

    // The console wraps paragraphs by itself. Lists and code keep their lines, and stand close to the paragraph before them.
    private List<string> Paragraphs(IEnumerable<Block> blocks)
    {
        List<string> paragraphs = [];
        foreach (PlainBlock block in new PlainBlocks(file, int.MaxValue).Of(blocks))
        {
            string text = string.Join('\n', block.Lines);
            if (block.IsText || paragraphs.Count == 0)
            {
                paragraphs.Add(text);
            }
            else
            {
                paragraphs[^1] += "\n\n" + text;
            }
        }

        return paragraphs;
    }

    [GeneratedRegex(@"^Example (?<number>\d+): (?<title>\S.*)$")]
    private static partial Regex ExampleTitle();
}
