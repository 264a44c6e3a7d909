using System.Management.Automation.Language;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Documents;

/// <summary>What each script of samples/ has, so that somebody who copies one alone can run it. That they run is for tests/Pester/Samples, in a real pwsh.</summary>
public sealed class SampleScriptTests
{
    private static readonly string[] s_names = [.. Directory.GetFiles(Path.Combine(BuildFacts.RepositoryRoot, "samples"), "*.ps1").Select(file => Path.GetFileName(file)!).Order()];

    public static TheoryData<string> Scripts => [.. s_names];

    [Fact]
    public void There_are_samples() => Assert.Contains("nightly.ps1", s_names);

    [Theory]
    [MemberData(nameof(Scripts))]
    public void It_parses_and_says_what_it_needs(string name)
    {
        ScriptBlockAst script = Parse(name);

        Assert.Equal(new Version(7, 4), script.ScriptRequirements?.RequiredPSVersion);
        Assert.Contains(script.EndBlock.Statements, statement => statement.Extent.Text == "$ErrorActionPreference = 'Stop'");
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Its_help_has_a_synopsis_examples_and_every_parameter(string name)
    {
        ScriptBlockAst script = Parse(name);

        CommentHelpInfo? help = script.GetHelpContent();
        Assert.NotNull(help);
        Assert.False(string.IsNullOrWhiteSpace(help.Synopsis));
        Assert.False(string.IsNullOrWhiteSpace(help.Description));
        Assert.NotEmpty(help.Examples);
        IEnumerable<string> parameters = script.ParamBlock.Parameters.Select(parameter => parameter.Name.VariablePath.UserPath.ToUpperInvariant());
        Assert.Equal(parameters.Order(), help.Parameters.Keys.Order());
        Assert.All(help.Parameters, parameter => Assert.False(string.IsNullOrWhiteSpace(parameter.Value), parameter.Key));
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void It_never_asks_for_what_was_left_out(string name)
    {
        ScriptBlockAst script = Parse(name);

        Assert.DoesNotContain(
            script.ParamBlock.Parameters.SelectMany(parameter => parameter.Attributes).OfType<AttributeAst>().SelectMany(attribute => attribute.NamedArguments),
            argument => argument.ArgumentName.Equals("Mandatory", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(
            script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>(),
            command => command.GetCommandName() is "Read-Host" or "Get-Credential");
    }

    [Fact]
    public void The_build_script_has_help_too() => Assert.False(string.IsNullOrWhiteSpace(Parse("../build.ps1").GetHelpContent()?.Synopsis));

    private static ScriptBlockAst Parse(string name)
    {
        ScriptBlockAst script = Parser.ParseFile(Path.Combine(BuildFacts.RepositoryRoot, "samples", name), out _, out ParseError[] errors);
        Assert.Empty(errors);
        return script;
    }
}
