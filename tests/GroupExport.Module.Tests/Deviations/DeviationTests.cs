using System.Collections;
using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Deviations;

/// <summary>The whole pipeline against servers that do things their own way, in each version: all bytes, or the error that says what to do.</summary>
public sealed class DeviationTests(EngineRunspaceFixture fixture) : IClassFixture<EngineRunspaceFixture>, IDisposable
{
    private readonly EngineRunspace _engine = fixture.Engine;
    private readonly PracticeData _data = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public static TheoryData<string, string, string> Rows
    {
        get
        {
            TheoryData<string, string, string> rows = [];
            foreach (Deviation deviation in KnownDeviations.All)
            {
                foreach (Way way in deviation.In)
                {
                    rows.Add(deviation.Number, deviation.What, way.Name);
                }
            }

            return rows;
        }
    }

    private string Out => Path.Combine(_folder, "out");

    public void Dispose()
    {
        _engine.Run("$sandbox | Stop-ExportSandbox; Disconnect-GroupExport");
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void All_is_exported_or_the_error_says_what_to_do(string number, string what, string version)
    {
        Deviation deviation = KnownDeviations.All.Single(known => known.Number == number && known.What == what);
        Way way = Way.All.Single(known => known.Name == version);
        Start(deviation, way);

        EngineRun run = _engine.Run($"New-GroupExport $sandbox.GroupId -Type $types {way.Method} {deviation.KickOff} | {deviation.Between} | Save-ExportFiles $out -MinPollInterval {deviation.Backoff} -MaxPollInterval 300 -Timeout {deviation.Timeout} {deviation.Save}");

        if (deviation.Error is { } expected)
        {
            AssertError(run, expected);
        }
        else
        {
            run.AssertNoErrors();
            AssertWhole(deviation);
        }

        Assert.All(Fired(), count => Assert.Equal(deviation.IsAvoided, count == 0));
        Assert.All(run.Warnings, warning => Assert.Contains(deviation.Warning ?? "(no warning)", warning, StringComparison.Ordinal));
        Assert.Equal(deviation.Warning is null ? 0 : 1, run.Warnings.Count);
    }

    private void Start(Deviation deviation, Way way)
    {
        _data.WriteTo(Path.Combine(_folder, "data"));
        _engine.Run(
            $"$sandbox = Start-ExportSandbox -DataPath $data -ExportDuration {deviation.Seconds} -RetryAfter {deviation.RetryAfter} -SigningAlgorithm ES384 {deviation.Sandbox} {way.Version}",
            ("data", Path.Combine(_folder, "data")),
            ("out", Out),
            ("types", new[] { "Patient", "Observation" })).AssertNoErrors();
        _engine.Run($"$null = $sandbox | Connect-GroupExport {way.Style} {way.Version} {deviation.Connect}; {deviation.Before}").AssertNoErrors();
    }

    /// <summary>How often each fault of the sandbox fired.</summary>
    private IEnumerable<int> Fired() => ((IDictionary)_engine.Run("$sandbox").Value("FaultCounts")!).Values.Cast<int>();

    private static void AssertError(EngineRun run, ExpectedError expected)
    {
        // A file each may fail.
        Assert.NotEmpty(run.AllErrors);
        Assert.All(run.AllErrors, error => Assert.Equal(expected.Id, error.FullyQualifiedErrorId));
        Assert.All(run.AllErrors, error => Assert.Contains(expected.Words, error.ToString(), StringComparison.Ordinal));
        Assert.All(run.Output, file => Assert.NotEqual("Saved", file.Properties["State"].Value));
    }

    private void AssertWhole(Deviation deviation)
    {
        Assert.Equal("Complete", _engine.Run("Get-ExportReceipt $out").Value("State"));
        if (deviation.IsOrganized)
        {
            Assert.Equal(_data.Organized(), PracticeData.SavedBlocks(Out));
            AssertContinued(deviation);
            return;
        }

        Assert.Equal(deviation.Types, Directory.EnumerateFiles(Out, "*.ndjson").Select(path => Path.GetFileName(path).Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(deviation.Types, type => Assert.Equal(_data.Of(type), PracticeData.Saved(Out, type)));
    }

    /// <summary>Each file of blocks goes on in the next but for the last, where the server cuts them.</summary>
    private void AssertContinued(Deviation deviation)
    {
        PSObject[] files = [.. ((IEnumerable)_engine.Run("Get-ExportReceipt $out").Value("Files")!).Cast<object>().Select(PSObject.AsPSObject)];
        string?[] next = [.. files.Select(file => (string?)file.Properties["ContinuesIn"].Value)];
        Assert.Equal(deviation.IsContinued, next.Any(name => name is not null));
        Assert.All(next.OfType<string>(), name => Assert.Contains(name, files.Select(file => (string)file.Properties["Name"].Value)));
    }
}

/// <summary>One engine for all rows: each has a sandbox, a connection and a folder of its own.</summary>
public sealed class EngineRunspaceFixture : IDisposable
{
    internal EngineRunspace Engine { get; } = new();

    public void Dispose() => Engine.Dispose();
}
