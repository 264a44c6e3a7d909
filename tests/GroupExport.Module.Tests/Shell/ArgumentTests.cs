using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Shell;

public sealed class ArgumentTests
{
    private const string Script = """
        param([string] $Name, [switch] $Force, [int] $Count)
        "$Name|$Force|$Count|$args"
        """;

    [Theory]
    [InlineData("two words|False|0|", "two words")]
    [InlineData("a|True|3|b c", "a", "-Force", "-Count", "3", "b", "c")]
    [InlineData("a|False|0|", "-Name", "a")]
    [InlineData("a|False|0|", "-Name:a", "-Force:$false")]
    [InlineData("a|True|0|", "-Force:true", "-Name:", "a")]
    [InlineData("$HOME|False|0|", "$HOME")]
    public async Task Arguments_bind_by_name_and_position(string expected, params string[] arguments)
    {
        using ScriptFile script = new(Script);

        EngineResult result = await EngineProcess.RunFileAsync(script.Path, arguments);

        Assert.Equal(expected, Assert.Single(result.OutputLines));
    }

    [Fact]
    public async Task The_script_may_stand_without_File_and_knows_its_own_folder()
    {
        using ScriptFile script = new("$PSScriptRoot");

        EngineResult result = await EngineProcess.RunProgramAsync(script.Path);

        Assert.Equal(Path.GetDirectoryName(script.Path), Assert.Single(result.OutputLines));
    }
}
