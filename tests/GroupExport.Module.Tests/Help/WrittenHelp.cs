using System.Text.RegularExpressions;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Help;

/// <summary>The source of the help.</summary>
internal static partial class WrittenHelp
{
    public static string Folder { get; } = Path.Combine(BuildFacts.RepositoryRoot, "docs", "en-US");

    /// <summary>The names of the topics.</summary>
    public static string[] Topics => [.. Directory.GetFiles(Folder, "about_*.md").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Every block of PowerShell code in the file of a cmdlet or a topic, in order.</summary>
    public static WrittenCode[] Code(string name) =>
    [
        .. CodeBlock().Matches(File.ReadAllText(Path.Combine(Folder, $"{name}.md")).ReplaceLineEndings("\n"))
            .Select(block => new WrittenCode(block.Groups["code"].Value.TrimEnd(), Runs: block.Groups["mark"].Value != "norun")),
    ];

    [GeneratedRegex(@"^```powershell ?(?<mark>\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

/// <summary>A block of code.</summary>
/// <param name="Text">The code.</param>
/// <param name="Runs">False where it is marked as one that cannot run against the sandbox.</param>
internal sealed record WrittenCode(string Text, bool Runs);
