namespace GroupExport.Help.Source;

/// <summary>What a file tells about a cmdlet. Text is a list of paragraphs.</summary>
internal sealed record CmdletTopic(
    MarkdownFile File,
    string Synopsis,
    IReadOnlyList<string> Description,
    IReadOnlyList<Example> Examples,
    IReadOnlyList<ParameterText> Parameters,
    IReadOnlyList<TypeText> Inputs,
    IReadOnlyList<TypeText> Outputs,
    IReadOnlyList<string> Notes,
    IReadOnlyList<HelpLink> Links)
{
    public string Name => File.Name;
}

/// <summary>An example with the words after it.</summary>
internal sealed record Example(string Title, string Code, IReadOnlyList<string> Remarks);

/// <summary>The text of a parameter.</summary>
/// <param name="Name">Without the dash.</param>
/// <param name="Line">Where it stands, from 0.</param>
/// <param name="Paragraphs">The text.</param>
/// <param name="DefaultValue">What holds when it is left out, where the text says it.</param>
internal sealed record ParameterText(string Name, int Line, IReadOnlyList<string> Paragraphs, string? DefaultValue);

/// <summary>The text of a type that goes in or comes out.</summary>
/// <param name="Type">Its full name, or None.</param>
/// <param name="Line">Where it stands, from 0.</param>
/// <param name="Paragraphs">The text.</param>
internal sealed record TypeText(string Type, int Line, IReadOnlyList<string> Paragraphs);
