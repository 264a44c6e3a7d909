using GroupExport.ModuleTests.Engine;
using GroupExport.ModuleTests.Silence;

namespace GroupExport.ModuleTests.Commands;

/// <summary>No stream, no object, no error and no file of the module's own holds a secret, whatever the server repeats.</summary>
public sealed class SilenceTests : IDisposable
{
    private readonly RecordingHost _host = new();
    private readonly EngineRunspace _engine;
    private readonly EchoServer _server = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public SilenceTests() => _engine = new EngineRunspace(_host);

    private string Out => Path.Combine(_folder, "out");

    public static TheoryData<string, string> Names
    {
        get
        {
            TheoryData<string, string> names = [];
            foreach (Scenario scenario in Scenarios.All)
            {
                names.Add(scenario.Cmdlet, scenario.Name);
            }

            return names;
        }
    }

    public void Dispose()
    {
        _engine.Run("$sandbox | Stop-ExportSandbox");
        _engine.Dispose();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_that_is_shown_or_written_holds_a_secret(string cmdlet, string name)
    {
        Scenario scenario = Scenarios.All.Single(scenario => scenario.Cmdlet == cmdlet && scenario.Name == name);

        EngineRun run = _engine.Run(Scenarios.Prelude + scenario.Script, [.. Planted.Variables(_folder), ("root", _server.Root), ("out", Out)]);
        _engine.Run("$items | Out-Default", ("items", run.Output.Concat<object>(run.AllErrors).ToArray()));

        Assert.Equal(
            scenario.ErrorId is null ? [] : [$"{scenario.ErrorId},GroupExport.Commands.{cmdlet.Replace("-", "", StringComparison.Ordinal)}Command"],
            run.AllErrors.Select(error => error.FullyQualifiedErrorId));
        string everything = $"{Shown.Everything(run)}\n{_host.Screen}\n{Shown.Files(Out)}";
        Assert.All(Planted.Forms.Concat(_server.Heard), secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));
        if (scenario.Words)
        {
            Assert.NotEmpty(_server.Heard);
            Assert.Contains(EchoServer.Marker, everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_cmdlet_of_the_module_is_tested_in_success_and_in_failure()
    {
        string[] cmdlets = [.. _engine.Run("(Get-Command -Module GroupExport -CommandType Cmdlet).Name").Output.Select(name => name.ToString())];

        Assert.NotEmpty(cmdlets);
        Assert.Equal(cmdlets.Order(), Scenarios.All.Where(scenario => scenario.ErrorId is null).Select(scenario => scenario.Cmdlet).Distinct().Order());
        Assert.Equal(cmdlets.Order(), Scenarios.All.Where(scenario => scenario.ErrorId is not null).Select(scenario => scenario.Cmdlet).Distinct().Order());
        Assert.All(Scenarios.All, scenario => Assert.True(scenario.Script.Contains(scenario.Cmdlet, StringComparison.Ordinal) || scenario.Script.Contains("Ask") || scenario.Script.Contains("Open")));
    }
}
