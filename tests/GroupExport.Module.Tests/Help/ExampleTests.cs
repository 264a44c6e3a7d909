using System.Management.Automation.Language;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Help;

/// <summary>The examples of the help are right: they parse, name parameters that exist, and run against a sandbox.</summary>
public sealed class ExampleTests : IDisposable
{
    private static readonly string s_preparation = Path.Combine(BuildFacts.RepositoryRoot, "tests", "Pester", "ExampleSession.ps1");
    private readonly EngineRunspace _engine = new();
    private readonly string _root = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public static TheoryData<string> Cmdlets => [.. ExportedCmdlets.Names];

    public static TheoryData<string> Files => [.. ExportedCmdlets.Names, .. WrittenHelp.Topics];

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void All_code_parses_and_names_parameters_that_exist(string file)
    {
        Assert.All(WrittenHelp.Code(file), code =>
        {
            ScriptBlockAst script = Parser.ParseInput(code.Text, out _, out ParseError[] errors);
            Assert.Empty(errors.Select(error => $"{error.Message} in: {code.Text}"));
            // The binder looks for commands in the runspace that runs it; those of PowerShell's own modules are not in this engine.
            EngineRun run = _engine.Run(
                """
                foreach ($command in $script.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
                    $name = $command.GetCommandName()
                    $info = if ($name) { Get-Command $name -Module GroupExport -ErrorAction Ignore }
                    if ($info.ResolvedCommand) { $info = $info.ResolvedCommand }
                    if ($info) {
                        $known = $info.Parameters.Keys + $info.Parameters.Values.Aliases
                        foreach ($parameter in $command.CommandElements.ParameterName) {
                            if ($parameter -and $parameter -notin $known) { "$name has no -$parameter." }
                        }
                        # A splatted variable looks like an argument to the binder.
                        if (-not ($command.CommandElements.Splatted -eq $true)) {
                            $bound = [Management.Automation.Language.StaticParameterBinder]::BindCommand($command, $true)
                            foreach ($fault in $bound.BindingExceptions.Values) { "$name`: $($fault.BindingException.Message)" }
                        }
                    }
                    elseif ($name -match '-(GroupExport|Export)(?!-)' -and -not (Get-Command $name -ErrorAction Ignore)) { "There is no $name." }
                }
                """,
                ("script", script));
            Assert.Empty(run.AssertNoErrors().Output.Select(fault => $"{fault} in: {code.Text}"));
        });
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Each_example_calls_its_cmdlet(string cmdlet)
    {
        string[] names = [cmdlet, .. _engine.Run("(Get-Command -Module GroupExport -CommandType Alias | Where-Object Definition -EQ $cmdlet).Name", ("cmdlet", cmdlet)).Output.Select(name => $"{name}")];

        Assert.All(WrittenHelp.Code(cmdlet), code => Assert.True(names.Intersect(Commands(code)).Any(), code.Text));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Examples_with_nothing_but_core_cmdlets_run_against_a_sandbox(string cmdlet)
    {
        WrittenCode[] examples =
        [
            .. WrittenHelp.Code(cmdlet).Where(code => code.Runs && Commands(code).All(name =>
                _engine.Run("Get-Command $name -ErrorAction Ignore", ("name", name)).Output.Count > 0)),
        ];

        Assert.NotEmpty(examples);
        Assert.All(examples, (code, index) =>
        {
            string root = Path.Combine(_root, $"{index}");
            EngineRun run = _engine.Run(
                $"try {{ & {{ . $preparation $root\n{code.Text}\n}} }} finally {{ Stop-ExportSandbox }}", ("preparation", s_preparation), ("root", root));
            Assert.Empty(run.AllErrors.Select(error => $"{error.FullyQualifiedErrorId}: {error} in: {code.Text}"));
        });
    }

    private static IEnumerable<string> Commands(WrittenCode code) =>
        Parser.ParseInput(code.Text, out _, out _).FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>()
            .Select(command => command.GetCommandName()).OfType<string>();
}
