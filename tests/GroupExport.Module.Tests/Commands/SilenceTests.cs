using System.Text.Json.Nodes;
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

    private string Log => Path.Combine(_folder, "log.ndjson");

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

        EngineRun run = _engine.Run(Scenarios.Prelude + scenario.Script, [.. Planted.Variables(_folder), ("root", _server.Root), ("out", Out), ("log", Log)]);
        _engine.Run("$items | Out-Default", ("items", run.Output.Concat<object>(run.AllErrors).ToArray()));

        Assert.Equal(
            scenario.ErrorId is null ? [] : [$"{scenario.ErrorId},GroupExport.Commands.{cmdlet.Replace("-", "", StringComparison.Ordinal)}Command"],
            run.AllErrors.Select(error => error.FullyQualifiedErrorId));
        string everything = $"{Shown.Everything(run)}\n{_host.Screen}\n{Shown.Files(Out)}";
        string log = File.Exists(Log) ? File.ReadAllText(Log) : "";
        Assert.All(Planted.Forms.Concat(_server.Heard), secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));
        if (scenario.Words)
        {
            Assert.NotEmpty(_server.Heard);
            Assert.Contains(EchoServer.Marker, everything, StringComparison.Ordinal);
        }

        // Apart from the rest, so that what is shown elsewhere does not hide that nothing was logged.
        Assert.All(Planted.Forms.Concat(_server.Heard), secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        Assert.All(log.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.NotNull(JsonNode.Parse(line)!["exportId"]));
        Assert.True(log.Length > 0 || !scenario.IsLogged);
    }

    [Fact]
    public void The_words_of_a_server_are_in_the_log_without_what_they_repeat()
    {
        (string Mode, string Command, string EventId)[] runs =
        [
            ("kick-off-refused", "Ask", "kickoff"),
            ("status-running", "Ask | Get-ExportStatus", "status_progress"),
            ("status-failed", "Ask | Get-ExportStatus", "status_error"),
            ("file-refused", "Ask | Save-ExportFiles $out", "download_error"),
        ];
        foreach ((string mode, string command, string eventId) in runs)
        {
            _engine.Run($"{Scenarios.Prelude}$null = OpenByKey {mode}; {command}", [.. Planted.Variables(_folder), ("root", _server.Root), ("out", Out), ("log", Log)]);

            Assert.Contains(File.ReadAllLines(Log), line => (string?)JsonNode.Parse(line)!["eventId"] == eventId && line.Contains(EchoServer.Marker, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_cmdlet_that_can_log_does_so_here()
    {
        string[] cmdlets = [.. _engine.Run("(Get-Command -Module GroupExport -ParameterName LogPath).Name").Output.Select(name => name.ToString())];

        Assert.Equal(["Connect-GroupExport", "Get-ExportStatus", "New-GroupExport", "Save-ExportFiles"], cmdlets.Order());
        Assert.Contains("'*-*Export*:LogPath'", Scenarios.Prelude, StringComparison.Ordinal);
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
