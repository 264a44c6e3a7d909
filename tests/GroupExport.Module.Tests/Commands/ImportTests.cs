using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using GroupExport.ModuleTests.Engine;
using GroupExport.Tests.Import;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Import-ExportFiles on saved exports.</summary>
public sealed class ImportTests : SandboxRunspace
{
    private const string Patients = "Patient.0001.ndjson";

    private readonly string[] _lines;

    public ImportTests()
    {
        Run("$saved = New-GroupExport $sandbox.GroupId -Type Patient, Observation | Save-ExportFiles $out; $sandbox.ClearRequests()").AssertNoErrors();
        _lines = [.. new[] { "Patient.0001.ndjson", "Observation.0001.ndjson" }.SelectMany(name => File.ReadAllLines(Path.Combine(Out, name)))];
    }

    [Theory]
    [InlineData("Import-ExportFiles $out")]
    [InlineData("Import-ExportFiles \"$out/export.json\"")]
    [InlineData("Import-ExportFiles \"$out/*\"")]
    [InlineData("Import-ExportFiles \"$out/*.ndjson\"")]
    [InlineData("Import-ExportFiles -LiteralPath $out")]
    [InlineData("Get-ExportReceipt $out | Import-ExportFiles")]
    [InlineData("(Get-ExportReceipt $out).Files | Import-ExportFiles")]
    [InlineData("Import-ExportFiles -File $saved")]
    [InlineData("$saved | Import-ExportFiles")]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($saved, 2)) | Import-ExportFiles")]
    [InlineData("[IO.DirectoryInfo] $out | Import-ExportFiles")]
    [InlineData("[IO.DirectoryInfo]::new($out).GetFiles('*.ndjson') | Import-ExportFiles")]
    [InlineData("Test-ExportFiles $out | Import-ExportFiles")]
    [InlineData("[pscustomobject]@{ Path = $out } | Import-ExportFiles")]
    [InlineData("New-GroupExport $sandbox.GroupId -Type Patient, Observation | Save-ExportFiles \"$out 2\" -Compress | Import-ExportFiles")]
    public void Every_resource_comes_in_whatever_form_the_export_is_named(string script)
    {
        EngineRun run = Run($"{script} -As Json").AssertNoErrors();

        Assert.Equal(_lines.Order(StringComparer.Ordinal), run.Output.Select(line => (string)line.BaseObject).Order(StringComparer.Ordinal));
        Assert.Empty(run.Warnings);
    }

    [Fact]
    public void Nothing_is_sent_or_written()
    {
        string[] before = Snapshot();

        Assert.Equal(_lines.Length, Run("Import-ExportFiles $out").AssertNoErrors().Output.Count);

        Assert.Empty(Requests);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void An_object_is_what_its_line_says()
    {
        string path = Write("""{"resourceType":"Patient","id":"a","active":true,"n":null,"big":12345678901234567890,"count":3,"value":1.50,"at":"2026-11-01T00:00:00.000+01:00","name":[{"family":"Müller","given":["A","B"]},{"family":"Meier","given":["C"]}],"none":[],"deep":{"a":{"b":[[1,2],[{}]]}}}""");

        EngineRun run = Run("""
            $p = Import-ExportFiles $path
            $p.psobject.Properties.Name -join ' '
            $p.name[0].family, $p.name[1].given[0], ($p.name.given -join '')
            $p.count.GetType().Name, $p.big.GetType().Name, $p.value.GetType().Name, $p.value.ToString([cultureinfo]::InvariantCulture), $p.at
            $p.active, ($null -eq $p.n), ($null -eq $p.nothing), $p.none.GetType().Name, $p.none.Count
            $p.deep.a.b[0][1], $p.deep.a.b[1][0].GetType().Name
            $p.psobject.TypeNames -join ' '
            "$($p.name[0])"
            """, ("path", path)).AssertNoErrors();

        Assert.Equal(
            [
                "resourceType id active n big count value at name none deep",
                "Müller", "C", "ABC",
                "Int64", "BigInteger", "Decimal", "1.50", "2026-11-01T00:00:00.000+01:00",
                true, true, true, "Object[]", 0,
                2L, "PSCustomObject",
                "GroupExport.Resource#Patient GroupExport.Resource System.Management.Automation.PSCustomObject System.Object",
                "@{family=Müller; given=System.Object[]}",
            ],
            run.Output.Select(item => item.BaseObject));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Objects_hold_what_the_runtime_reads_in_their_lines(int seed)
    {
        Random random = new(seed);
        string[] lines = [.. Enumerable.Range(0, 300).Select(_ => RandomJson.Resource(random))];

        EngineRun run = Run("Import-ExportFiles $path", ("path", Write(lines))).AssertNoErrors();

        Assert.Equal(lines.Length, run.Output.Count);
        Assert.All(run.Output.Zip(lines), pair => AssertSame(JsonDocument.Parse(pair.Second).RootElement, pair.First));
    }

    [Fact]
    public void An_object_can_be_changed_and_copied()
    {
        string path = Write("""{"resourceType":"Patient","id":"a","name":[{"family":"x"}]}""");

        EngineRun run = Run("""
            $p = Import-ExportFiles $path
            $copy = $p.psobject.Copy()
            $p.id = 'b'; $p.name[0].family = 'y'; $p.psobject.Properties.Add([psnoteproperty]::new('more', 1))
            $p.id, $p.name[0].family, $p.more, $copy.id, $copy.name[0].family
            """, ("path", path)).AssertNoErrors();

        Assert.Equal(["b", "y", 1, "a", "x"], run.Output.Select(item => item.BaseObject));
    }

    [Fact]
    public void Runspaces_that_read_one_object_side_by_side_get_the_same_values()
    {
        string path = Write("""{"resourceType":"Patient","id":"a","name":[{"family":"x"}]}""");

        EngineRun run = Run("""
            $p = Import-ExportFiles $path
            $seen = 1..40 | ForEach-Object -Parallel { , ($using:p).name } -ThrottleLimit 8
            @($seen | Where-Object { -not [object]::ReferenceEquals($_[0], $p.name[0]) }).Count
            """, ("path", path)).AssertNoErrors();

        Assert.Equal(0, Assert.Single(run.Output).BaseObject);
    }

    [Theory]
    [InlineData("patient", 3)]
    [InlineData("Patient, Observation", null)]
    [InlineData("Basic", 0)]
    public void Only_the_types_that_are_wanted_come(string types, int? count) =>
        Assert.Equal(count ?? _lines.Length, Run($"Import-ExportFiles $out -Type {types}").AssertNoErrors().Output.Count);

    [Fact]
    public void Resources_of_the_FHIR_library_are_to_be_had()
    {
        EngineRun run = Run("Import-ExportFiles $out -Type Patient -As Fhir").AssertNoErrors();

        Assert.Equal(3, run.Output.Count);
        Assert.All(run.Output, resource => Assert.Equal("Hl7.Fhir.Model.Patient", resource.TypeNames[0]));
        Assert.All(run.Output, resource => Assert.NotNull(resource.Properties["BirthDate"].Value));
    }

    [Fact]
    public void A_broken_line_is_an_error_that_names_it_and_the_rest_comes()
    {
        string path = Write("\ufeff{\"resourceType\":\"Patient\",\"id\":\"a\"}\r", "", "{\"resourceType\":\"Patient\",\"id\":\"secret", "{\"id\":\"secret\"}", "{\"resourceType\":\"Patient\",\"id\":\"b\"}");

        EngineRun run = Run("Import-ExportFiles $path | ForEach-Object id", ("path", path));

        Assert.Equal(["a", "b"], run.Output.Select(id => id.BaseObject));
        Assert.Equal([$"{path}:3", $"{path}:4"], run.Errors.Select(error => error.TargetObject));
        Assert.All(run.Errors, error => Assert.Equal(("InvalidLine,GroupExport.Commands.ImportExportFilesCommand", ErrorCategory.InvalidData), (error.FullyQualifiedErrorId, error.CategoryInfo.Category)));
        Assert.All(run.Errors, error => Assert.DoesNotContain("secret", error.Exception.ToString(), StringComparison.Ordinal));
        Assert.Contains("line 3 breaks off inside a string. It was left out.", run.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resource_that_no_object_can_hold_is_an_error_and_comes_as_JSON()
    {
        const string Line = """{"resourceType":"Patient","id":"a","x":{"b":1,"B":2}}""";
        string path = Write(Line);

        EngineRun run = Run("Import-ExportFiles $path", ("path", path));

        Assert.Empty(run.Output);
        Assert.Contains("differ only in case", run.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(Line, Run("Import-ExportFiles $path -As Json").AssertNoErrors().Output[0].BaseObject);
    }

    [Fact]
    public void What_was_deleted_comes_as_type_and_id()
    {
        string path = Write("""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"DELETE","url":"Patient/1"}},{"request":{"method":"DELETE","url":"Observation/2"}}]}""");

        Assert.Equal("Observation/2", Run("Import-ExportFiles $path -Kind Deleted -Type Observation", ("path", path)).AssertNoErrors().Output[0].ToString());
        Assert.Equal(["Patient", "Observation"], Run("Import-ExportFiles $path -Kind Deleted").AssertNoErrors().Output.Select(deleted => deleted.Properties["Type"].Value));
        Assert.Equal("Bundle", Run("Import-ExportFiles $path").Value("resourceType"));
    }

    [Fact]
    public void Reading_ends_with_those_who_want_no_more_and_leaves_no_lock()
    {
        // A hole of 200 GB takes no room, but minutes to read. Windows would want the room.
        string path = Write(_lines);
        if (!OperatingSystem.IsWindows())
        {
            using FileStream hole = File.OpenWrite(path);
            hole.SetLength(200_000_000_000);
        }

        Assert.Single(Run("Import-ExportFiles $path | ForEach-Object { $_; break }", ("path", path)).Output);

        using FileStream alone = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public async Task Ctrl_C_leaves_no_lock_either()
    {
        using PowerShell shell = Engine.Prepare("Import-ExportFiles $out | ForEach-Object { $_; [Threading.Thread]::Sleep(50) }");
        PSDataCollection<PSObject> output = [];
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        output.DataAdded += (_, _) => begun.TrySetResult();
        Task running = shell.InvokeAsync<PSObject, PSObject>(null, output);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await shell.StopAsync(null, null).WaitAsync(TimeSpan.FromSeconds(60));

        await Assert.ThrowsAsync<PipelineStoppedException>(() => running);
        Assert.All(Directory.GetFiles(Out, "*.ndjson"), path => new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose());
    }

    [Fact]
    public void A_file_that_is_gone_is_an_error_and_the_others_come()
    {
        File.Delete(Path.Combine(Out, Patients));

        EngineRun run = Run("Import-ExportFiles $out");

        Assert.Equal("FileFailed,GroupExport.Commands.ImportExportFilesCommand", run.Error.FullyQualifiedErrorId);
        Assert.Contains(Patients, run.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(_lines.Length - 3, run.Output.Count);
        Assert.Empty(Run("Import-ExportFiles $out -Type Observation").Errors);
    }

    [Fact]
    public void Gzip_that_was_cut_off_is_an_error_after_what_came_before()
    {
        Run("$null = New-GroupExport $sandbox.GroupId -Type Observation | Save-ExportFiles \"$out 2\" -Compress").AssertNoErrors();
        string path = Path.Combine(Out + " 2", "Observation.0001.ndjson.gz");
        byte[] packed = File.ReadAllBytes(path);
        File.WriteAllBytes(path, packed[..(packed.Length / 2)]);

        Assert.Empty(Run("Import-ExportFiles \"$out 2\" -ErrorAction Ignore").Output);
        EngineRun run = Run("Import-ExportFiles $path -WarningAction Ignore", ("path", path));

        Assert.Contains("FileFailed,GroupExport.Commands.ImportExportFilesCommand", run.Errors.Select(error => error.FullyQualifiedErrorId));
        Assert.NotEmpty(run.Output);
    }

    [Fact]
    public void A_folder_whose_name_looks_like_a_wildcard_is_that_folder()
    {
        Directory.Move(Out, Out + "[1]");

        Assert.Equal(_lines.Length, Run("Import-ExportFiles \"$out[1]\"".Replace("$out[1]", "${out}[1]", StringComparison.Ordinal)).AssertNoErrors().Output.Count);
    }

    [Theory]
    [InlineData("Import-ExportFiles", "MissingPath", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ExportFiles $null", "MissingPath", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ExportFiles ''", "MissingPath", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ExportFiles -LiteralPath ' '", "MissingPath", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ExportFiles \"$out/..\"", "ReceiptNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Import-ExportFiles \"$out/none\"", "FileFailed", ErrorCategory.ReadError)]
    [InlineData("Import-ExportFiles \"$out/none/none\"", "ReceiptNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Import-ExportFiles \"$out/*.txt\"", "ReceiptNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Import-ExportFiles Env:/PATH", "InvalidPath", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ExportFiles Env:/P*", "InvalidPath", ErrorCategory.InvalidArgument)]
    [InlineData("Import-ExportFiles $out -Type Patent", "UnknownResourceType", ErrorCategory.InvalidArgument)]
    public void What_cannot_be_read_is_an_error(string script, string id, ErrorCategory category)
    {
        ErrorRecord error = Run(script).Error;

        Assert.Equal($"{id},GroupExport.Commands.ImportExportFilesCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    private static void AssertSame(JsonElement expected, object? value)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                PSObject made = Assert.IsType<PSObject>(value);
                Assert.Equal(expected.EnumerateObject().Select(property => property.Name), made.Properties.Select(property => property.Name));
                Assert.All(expected.EnumerateObject().Zip(made.Properties), pair => AssertSame(pair.First.Value, pair.Second.Value));
                break;
            case JsonValueKind.Array:
                object?[] array = Assert.IsType<object[]>(value);
                Assert.Equal(expected.GetArrayLength(), array.Length);
                Assert.All(expected.EnumerateArray().Zip(array), pair => AssertSame(pair.First, pair.Second));
                break;
            case JsonValueKind.Number:
                Assert.Equal(expected.GetDouble(), double.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.String:
                Assert.Equal(expected.GetString(), value);
                break;
            default:
                Assert.Equal(expected.ValueKind == JsonValueKind.Null ? null : expected.GetBoolean(), value);
                break;
        }
    }

    private string Write(params string[] lines)
    {
        string path = Path.Combine(Folder, "lines.ndjson");
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
        return path;
    }

    private string[] Snapshot() => [.. Directory.GetFileSystemEntries(Out, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")];
}
