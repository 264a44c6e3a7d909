using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Save-ExportFiles and a server whose files are not what it promises.</summary>
public sealed class BadFileTests : IDisposable
{
    private const string InvalidFile = "InvalidFile,GroupExport.Commands.SaveExportFilesCommand";
    private const string Good = "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n";
    private const string Save = "$url | Save-ExportFiles $out";

    private readonly EngineRunspace _engine = new();
    private readonly FileServer _server = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public BadFileTests()
    {
        _server.Files["Organization.ndjson"] = "{\"resourceType\":\"Organization\",\"id\":\"o\"}\n";
        _engine.Run("$null = Connect-GroupExport -FhirBaseUri $base", ("base", _server.BaseUri), ("url", _server.StatusUrl), ("out", Out)).AssertNoErrors();
    }

    private string Out => Path.Combine(_folder, "out");

    private string Aside => Path.Combine(Out, "Patient.0001.ndjson.invalid");

    public void Dispose()
    {
        _engine.Dispose();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("{\"resourceType\":\"Observation\"}\n", "line 2")]
    [InlineData("{\"resourceType\":\"Patient\",\n", "line 2")]
    [InlineData("{\"resourceType\":\"Patient\",\"x\":[1,]}\n", "line 2")]
    [InlineData("<html>no</html>\n", "line 2")]
    [InlineData("{\"id\":\"b\"}", "line 2")]
    public void A_bad_line_is_found_without_asking_for_it_and_the_file_kept_aside(string line, string words)
    {
        _server.Files["Patient.ndjson"] = Good + line;

        EngineRun run = _engine.Run(Save);

        Assert.Equal((InvalidFile, ErrorCategory.InvalidData), (run.Error.FullyQualifiedErrorId, run.Error.CategoryInfo.Category));
        Assert.Contains(words, run.Error.ToString());
        Assert.Contains(Aside, run.Error.ToString());
        Assert.Equal(["Invalid", "Saved"], run.Output.Select(file => (string)file.Properties["State"].Value).Order());
        Assert.Equal(Good + line, File.ReadAllText(Aside));
        Assert.False(File.Exists(Path.Combine(Out, "Patient.0001.ndjson")));
        Assert.Equal("Incomplete", _engine.Run("Get-ExportReceipt $out").Value("State"));
        Assert.Equal("Invalid", _engine.Run("Test-ExportFiles $out | Where-Object { -not $_.Passed }").Value("State"));
    }

    [Theory]
    [InlineData("Full", "{\"resourceType\":\"Observation\"}\n", true)]
    [InlineData("Count", "{\"resourceType\":\"Observation\"}\n", false)]
    [InlineData("Count", "no JSON\n", true)]
    [InlineData("None", "no JSON\n", false)]
    public void Validation_says_how_closely_lines_are_looked_at(string validation, string content, bool isFound)
    {
        _server.Files["Patient.ndjson"] = content;

        EngineRun run = _engine.Run($"{Save} -Validation {validation}");

        Assert.Equal(isFound ? [InvalidFile] : [], run.AllErrors.Select(error => error.FullyQualifiedErrorId));
    }

    [Fact]
    public void A_rerun_leaves_a_bad_file_and_tells_of_it_again_until_it_is_asked_to_retry()
    {
        _server.Files["Patient.ndjson"] = Good + "{";
        _engine.Run(Save);
        _server.Files["Patient.ndjson"] = Good;
        int before = _server.Asked.Length;

        EngineRun again = _engine.Run("Get-ExportReceipt $out | Save-ExportFiles");

        Assert.Equal(InvalidFile, again.Error.FullyQualifiedErrorId);
        Assert.Contains("-RetryInvalid", again.Error.ToString());
        Assert.Equal(["AlreadySaved", "Invalid"], again.Output.Select(file => (string)file.Properties["State"].Value).Order());
        Assert.Equal(before, _server.Asked.Length);
        Assert.True(File.Exists(Aside));

        EngineRun retried = _engine.Run("Get-ExportReceipt $out | Save-ExportFiles -RetryInvalid").AssertNoErrors();

        Assert.Equal(["AlreadySaved", "Saved"], retried.Output.Select(file => (string)file.Properties["State"].Value).Order());
        Assert.Equal(["Patient.ndjson"], _server.Asked[before..]);
        Assert.Equal("Complete", _engine.Run("Get-ExportReceipt $out").Value("State"));
        Assert.True((bool)_engine.Run("Test-ExportFiles $out -Quiet").AssertNoErrors().Output.Single().BaseObject);
    }

    [Fact]
    public void A_line_longer_than_the_limit_is_an_error_that_names_the_limit()
    {
        _server.Files["Patient.ndjson"] = $"{{\"resourceType\":\"Patient\",\"id\":\"{new string('x', 2000)}\"}}\n";

        ErrorRecord error = _engine.Run($"{Save} -MaxLineLength 1KB").Error;

        Assert.Equal(InvalidFile, error.FullyQualifiedErrorId);
        Assert.Matches("1[ ,.]?024", error.ToString());
        _engine.Run("Get-ExportReceipt $out | Save-ExportFiles -RetryInvalid -MaxLineLength 4KB").AssertNoErrors();
    }

    [Fact]
    public void A_count_that_holds_is_the_proof_and_one_that_does_not_is_a_mismatch()
    {
        _server.Files["Patient.ndjson"] = Good;
        _server.Counts["Patient.ndjson"] = 1;
        _server.Counts["Organization.ndjson"] = 2;

        EngineRun run = _engine.Run(Save);

        Assert.Equal("CountMismatch,GroupExport.Commands.SaveExportFilesCommand", run.Error.FullyQualifiedErrorId);
        Assert.Equal(
            ["Invalid Length", "Saved Count"],
            run.Output.Select(file => $"{file.Properties["State"].Value} {file.Properties["ProvedBy"].Value}").Order());
    }
}
