namespace GroupExport.Help.Source;

/// <summary>All that is written about the module.</summary>
/// <param name="Folder">Where it stands.</param>
/// <param name="Cmdlets">One for each file named like a cmdlet.</param>
/// <param name="Topics">One for each file named about_.</param>
internal sealed record HelpSource(string Folder, IReadOnlyList<CmdletTopic> Cmdlets, IReadOnlyList<AboutTopic> Topics)
{
    /// <summary>Tells how the source is written; no part of the help.</summary>
    private const string Instructions = "README";

    public static HelpSource Read(string folder, Findings findings)
    {
        MarkdownFile[] files =
        [
            .. Directory.GetFiles(folder, "*.md").Order(StringComparer.Ordinal)
                .Where(path => Path.GetFileNameWithoutExtension(path) != Instructions).Select(path => MarkdownFile.Read(path, findings)),
        ];
        return new HelpSource(
            folder,
            [.. files.Where(file => !IsTopic(file)).Select(file => new CmdletTopicReader(file).Read())],
            [.. files.Where(IsTopic).Select(AboutTopic.Read)]);
    }

    private static bool IsTopic(MarkdownFile file) => file.Name.StartsWith("about_", StringComparison.Ordinal);
}
