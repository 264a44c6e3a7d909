using System.Text.RegularExpressions;
using GroupExport.Help;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Help;

/// <summary>The build refuses help that is not whole, with file and line.</summary>
public sealed class HelpBuildTests : IDisposable
{
    private const string Cmdlet = "Disconnect-GroupExport.md";
    private const string Topic = "about_GroupExport.md";

    private readonly string _folder = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public HelpBuildTests()
    {
        foreach (string file in Directory.GetFiles(WrittenHelp.Folder))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }
    }

    /// <summary>What is broken in which file, by what; the line that is complained about, and how.</summary>
    public static TheoryData<string, string, string, string, string> Breaks => new()
    {
        { Cmdlet, "# Disconnect-GroupExport\n", "# Disconnect\n", "# Disconnect", "first line should be '# Disconnect-GroupExport'" },
        { Cmdlet, "## INPUTS\n", "## INPUT\n", "## INPUT", "no section 'INPUT'" },
        { Cmdlet, "## INPUTS\n", "## INPUT\n", "# Disconnect-GroupExport", "'## INPUTS' is missing" },
        { Cmdlet, "## OUTPUTS\n", "## OUTPUTS\n\n## NOTES\n", "## OUTPUTS", "'## OUTPUTS' is empty" },
        { Cmdlet, "## SYNOPSIS\n", "## SYNOPSIS\n\nToo much.\n", "## SYNOPSIS", "one paragraph" },
        { Cmdlet, "## NOTES\n", "## EXAMPLES\n", "## EXAMPLES", "out of order" },
        { Cmdlet, "### -Connection\n", "### -Connections\n", "### -Connections", "has no parameter -Connections" },
        { Cmdlet, "### -Connection\n", "### -Connections\n", "## PARAMETERS", "-Connection is missing" },
        { Cmdlet, "### -Connection\n", "### -Connection\n\n### -Other\n", "### -Connection", "-Connection has no text" },
        { Cmdlet, "### Example 2: ", "### Example 5: ", "### Example 5: ", "'### Example 2: <title>'" },
        { Cmdlet, @"### Example 2: .*?(?=## PARAMETERS)", "", "## EXAMPLES", "3 examples or more" },
        { Cmdlet, @"```\n\n[^\n]*?\n\n### Example 2", "```\n\n### Example 2", "### Example 1: ", "sentence about the example" },
        { Cmdlet, "```powershell", "```ps", "### Example 1: ", "begins with a block ```powershell" },
        { Cmdlet, "### None\n", "### System.String\n", "## OUTPUTS", "what the cmdlet declares: None" },
        { Cmdlet, @"\(Connect-GroupExport.md\)", "(Connect-Nothing.md)", "- [Connect-GroupExport]", "'Connect-Nothing.md' leads nowhere" },
        { Cmdlet, "## NOTES\n", "## NOTES\n\nThe <id> of it.\n", "The <id>", "between backticks" },
        { Topic, "## SHORT DESCRIPTION\n", "## SHORT DESCRIPTION\n\nToo much.\n", "## SHORT DESCRIPTION", "one line of 76 characters" },
        { Topic, "## LONG DESCRIPTION\n", "## LONG DESCRIPTION\n\n```\n$x = '123456789012345678901234567890123456789012345678901234567890123456'\n```\n", "$x = ", "longer than 72" },
        { Topic, "## SEE ALSO\n", "## SEE\n", "# about_GroupExport", "'## SEE ALSO' is missing" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Breaks))]
    public void What_is_wrong_is_told_with_its_line(string file, string pattern, string replacement, string line, string complaint)
    {
        string path = Path.Combine(_folder, file);
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        string broken = new Regex(pattern, RegexOptions.Singleline).Replace(text, replacement, 1);
        Assert.NotEqual(text, broken);
        File.WriteAllText(path, broken);

        int number = Array.FindLastIndex(broken.Split('\n'), candidate => candidate.StartsWith(line, StringComparison.Ordinal)) + 1;
        Assert.Contains(Build().All, finding => finding.Path == path && finding.Line == number && finding.Text.Contains(complaint, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void A_cmdlet_without_a_file_and_a_file_without_a_cmdlet_are_told()
    {
        File.Move(Path.Combine(_folder, Cmdlet), Path.Combine(_folder, "Disconnect-Nothing.md"));

        IReadOnlyCollection<Finding> findings = Build().All;

        Assert.Contains(findings, finding => finding.Path.EndsWith(Cmdlet, StringComparison.Ordinal) && finding.Text.Contains("no such file", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Text == "There is no cmdlet Disconnect-Nothing. Files of topics begin with about_.");
    }

    [Fact]
    public void The_staged_help_is_what_the_source_makes()
    {
        Assert.Empty(Build().All.Select(finding => $"{finding}"));

        string staged = Path.Combine(Path.GetDirectoryName(BuildFacts.StagedModule)!, "en-US");
        Assert.Equal(Names(staged), Names(Out));
        Assert.All(Names(staged), name => Assert.Equal(File.ReadAllText(Path.Combine(staged, name)), File.ReadAllText(Path.Combine(Out, name))));
    }

    private string Out => Path.Combine(_folder, "out");

    private static IEnumerable<string> Names(string folder) => Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private Findings Build() => HelpBuild.Run(_folder, BuildFacts.CompiledCmdlets, BuildFacts.CmdletReferences, Out);
}
