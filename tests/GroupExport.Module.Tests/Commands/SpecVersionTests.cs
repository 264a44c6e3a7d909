using System.Collections.Concurrent;
using GroupExport.ModuleTests.Engine;
using GroupExport.ModuleTests.Server;

namespace GroupExport.ModuleTests.Commands;

/// <summary>The version of the standard that a server speaks: what it says of itself, or what the user says.</summary>
public sealed class SpecVersionTests : IDisposable
{
    private readonly ConcurrentQueue<ScriptedCall> _calls = new();
    private readonly EngineRunspace _engine = new();
    private readonly ScriptedServer _server;
    private string _metadata = Metadata("export", "|3.0.0");
    private ScriptedReply _kickOff;

    public SpecVersionTests()
    {
        _server = new ScriptedServer(call =>
        {
            _calls.Enqueue(call);
            return call.Path[^1] == "metadata" ? new ScriptedReply(200, _metadata) : _kickOff!;
        });
        _kickOff = new ScriptedReply(202).With("Content-Location", $"{_server.Root}status/1");
        Run("function Open { Connect-GroupExport -FhirBaseUri $base @args }", ("base", _server.Root)).AssertNoErrors();
    }

    private string[] Arrived => [.. _calls.Select(call => $"{call.Method} {call.Target}")];

    public void Dispose()
    {
        _engine.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void The_server_is_asked_once_at_the_first_kick_off_and_what_it_says_is_told_in_verbose()
    {
        _metadata = Metadata("export-v4", "|4.0.0");

        EngineRun run = Run("$connection = Open; $connection.SpecVersion; $null = New-GroupExport g -Type Patient -Verbose; New-GroupExport h | Out-Null; $connection.SpecVersion");

        run.AssertNoErrors();
        Assert.Equal([null, "4"], run.Output.Select(value => value?.ToString()));
        Assert.Equal(["GET /metadata", "POST /Group/g/$export-v4", "POST /Group/h/$export-v4"], Arrived);
        Assert.Contains(run.Verbose, line => line.Contains("version 4", StringComparison.Ordinal) && line.Contains("$export-v4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("2", "GET /Group/g/$export?_type=Patient,Observation")]
    [InlineData("3", "GET /Group/g/$export?_type=Patient,Observation")]
    public void A_version_that_is_given_is_not_asked_for(string version, string request)
    {
        Run($"$null = Open -SpecVersion {version}; $null = New-GroupExport g -Type Patient, Observation").AssertNoErrors();

        Assert.Equal([request], Arrived);
    }

    [Theory]
    [InlineData("", "|2.0.0", 1)]
    [InlineData("", "|3.0.0", 0)]
    [InlineData("", "", 1)]
    [InlineData("-SpecVersion 2", "", 1)]
    [InlineData("-SpecVersion 3", "|2.0.0", 0)]
    public void What_version_2_does_not_have_is_warned_of_once_and_sent(string parameters, string metadata, int warnings)
    {
        _metadata = Metadata("export", metadata);

        EngineRun run = Run($"$null = Open {parameters}; $null = New-GroupExport g, h -Until 2026-11-02T00:00:00Z -AllowPartialManifests").AssertNoErrors();

        Assert.Equal(warnings, run.Warnings.Count(warning => warning.Contains("_until, allowPartialManifests", StringComparison.Ordinal)));
        Assert.Equal(warnings, run.Warnings.Count);
        Assert.Equal(2, Arrived.Count(call => call.EndsWith("$export?_until=2026-11-02T00%3A00%3A00Z&allowPartialManifests=true", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("-RequestStyle FhirParameters", 3)]
    [InlineData("-RequestStyle FhirQuery", 3)]
    [InlineData("-RequestStyle FhirParameters -SpecVersion 4", 4)]
    [InlineData("", 2)]
    public void A_piped_sandbox_tells_its_version_itself(string parameters, int version)
    {
        EngineRun run = Run($"$sandbox = Start-ExportSandbox -PatientCount 1 -SpecVersion 3; ($sandbox | Connect-GroupExport {parameters}).SpecVersion; $sandbox.Requests.Count; $sandbox | Stop-ExportSandbox").AssertNoErrors();

        Assert.Equal([version, 0], run.Output.Select(value => value.BaseObject));
    }

    [Fact]
    public void A_version_that_there_is_not_is_refused()
    {
        EngineRun run = Run("Open -SpecVersion 5");

        Assert.StartsWith("ParameterArgumentValidationError", run.Error.FullyQualifiedErrorId);
        Assert.Empty(Arrived);
    }

    [Theory]
    [InlineData("New-GroupExport g -WhatIf")]
    [InlineData("$WhatIfPreference = $true; New-GroupExport g; $WhatIfPreference = $false")]
    public void WhatIf_asks_nothing(string script)
    {
        Run($"$null = Open; {script}").AssertNoErrors();

        Assert.Empty(Arrived);
    }

    [Fact]
    public void A_request_that_no_version_knows_is_refused_before_the_server_is_asked()
    {
        EngineRun run = Run("$null = Open; New-GroupExport g -Patient Patient/1 -Method Get");

        Assert.Equal("PatientNeedsPost,GroupExport.Commands.NewGroupExportCommand", run.Error.FullyQualifiedErrorId);
        Assert.Empty(Arrived);
    }

    [Fact]
    public void A_GET_is_refused_by_a_server_of_version_4_and_the_way_out_is_named()
    {
        _metadata = Metadata("export", "|4.0.0");

        EngineRun run = Run("$null = Open; New-GroupExport g -Method Get");

        Assert.Equal("MethodNotSupported,GroupExport.Commands.NewGroupExportCommand", run.Error.FullyQualifiedErrorId);
        Assert.Contains("-SpecVersion", run.Error.ToString());
        Assert.Equal(["GET /metadata"], Arrived);
    }

    [Fact]
    public void A_POST_that_is_refused_draws_an_error_that_names_the_alternative()
    {
        _kickOff = new ScriptedReply(405);

        EngineRun run = Run("$null = Open; New-GroupExport g -Patient Patient/1");

        Assert.Equal("KickOffRejected,GroupExport.Commands.NewGroupExportCommand", run.Error.FullyQualifiedErrorId);
        Assert.Contains("no patients", run.Error.ToString());
        Assert.Equal(["GET /metadata", "POST /Group/g/$export"], Arrived);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("")]
    public void A_server_that_says_nothing_of_itself_is_no_obstacle(string metadata)
    {
        _metadata = metadata;

        EngineRun run = Run("$connection = Open; $null = New-GroupExport g -Verbose; $connection.SpecVersion").AssertNoErrors();

        Assert.Equal(["GET /metadata", "GET /Group/g/$export"], Arrived);
        Assert.Equal(2, Assert.Single(run.Output).BaseObject);
        Assert.Contains(run.Verbose, line => line.Contains("does not say which version", StringComparison.Ordinal));
    }

    [Fact]
    public void The_version_survives_serialization()
    {
        EngineRun run = Run("$connection = Open; $null = New-GroupExport g; [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($connection)).SpecVersion");

        Assert.Equal(3, Assert.Single(run.AssertNoErrors().Output).BaseObject);
    }

    private static string Metadata(string name, string version) =>
        $$"""{"resourceType":"CapabilityStatement","rest":[{"resource":[{"type":"Group","operation":[{"name":"{{name}}","definition":"http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export{{version}}"}]}]}]}""";

    private EngineRun Run(string script, params (string Name, object? Value)[] variables) => _engine.Run(script, variables);
}
