using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Documents;

/// <summary>What README and docs/ show can be typed: the PowerShell in them parses, its parameters exist, and links lead somewhere.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] s_names =
        ["README.md", "CONTRIBUTING.md", .. Directory.GetFiles(Path.Combine(BuildFacts.RepositoryRoot, "docs"), "*.md").Select(file => $"docs/{Path.GetFileName(file)}").Order()];

    public static TheoryData<string> Documents => [.. s_names];

    [Fact]
    public void There_are_how_tos() => Assert.Contains("docs/unattended.md", s_names);

    [Theory]
    [MemberData(nameof(Documents))]
    public void Its_commands_have_the_parameters_that_it_shows(string document)
    {
        using EngineRunspace engine = new();
        Dictionary<string, CommandInfo> commands = engine.Run("Get-Command -Module GroupExport").AssertNoErrors().Output
            .Select(output => (CommandInfo)output.BaseObject).ToDictionary(command => command.Name, StringComparer.OrdinalIgnoreCase);

        foreach (Match block in PowerShellBlock().Matches(Text(document)))
        {
            Ast script = Parser.ParseInput(block.Groups["text"].Value, out _, out ParseError[] errors);
            Assert.True(errors.Length == 0, $"{block.Value}\n{string.Join("\n", errors.Select(error => error.Message))}");
            foreach (CommandAst command in script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                if (command.GetCommandName() is { } name && commands.TryGetValue(name, out CommandInfo? known))
                {
                    Assert.All(command.CommandElements.OfType<CommandParameterAst>(), parameter => Assert.NotNull(known.ResolveParameter(parameter.ParameterName)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Its_samples_have_the_parameters_that_it_shows(string document)
    {
        foreach (Match block in PowerShellBlock().Matches(Text(document)))
        {
            Ast script = Parser.ParseInput(block.Groups["text"].Value, out _, out _);
            foreach (CommandAst command in script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>())
            {
                string sample = Path.Combine(BuildFacts.RepositoryRoot, "samples", Path.GetFileName(command.GetCommandName() ?? "") is { Length: > 0 } name ? name : "none");
                if (!sample.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                Assert.True(File.Exists(sample), sample);
                string[] parameters = [.. Parser.ParseFile(sample, out _, out _).ParamBlock.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath), "WhatIf"];
                Assert.All(command.CommandElements.OfType<CommandParameterAst>(), parameter => Assert.Contains(parameter.ParameterName, parameters, StringComparer.OrdinalIgnoreCase));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Its_links_lead_to_files_that_are_there(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(BuildFacts.RepositoryRoot, document))!;

        Assert.All(
            Link().Matches(Text(document)).Select(link => link.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal) && IsWritten(folder, target)),
            target => Assert.True(Path.Exists(Path.Combine(folder, target)), target));
    }

    /// <summary>The topics of Get-Help are written in a folder of their own.</summary>
    private static bool IsWritten(string folder, string target) => !target.StartsWith("en-US/", StringComparison.Ordinal) || Directory.Exists(Path.Combine(folder, "en-US"));

    private static string Text(string document) => File.ReadAllText(Path.Combine(BuildFacts.RepositoryRoot, document));

    [GeneratedRegex(@"^ *```powershell\r?\n(?<text>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex PowerShellBlock();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)[^)]*\)")]
    private static partial Regex Link();
}
