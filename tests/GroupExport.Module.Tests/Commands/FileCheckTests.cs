using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Test-ExportFiles as a runbook uses it.</summary>
public sealed class FileCheckTests : SandboxRunspace
{
    private const string Patients = "Patient.0001.ndjson";
    private const string Observations = "Observation.0001.ndjson";

    private static readonly TimeSpan s_far = TimeSpan.FromSeconds(60);

    public FileCheckTests() =>
        Run("$saved = New-GroupExport $sandbox.GroupId -Type Patient, Observation | Save-ExportFiles $out; $sandbox.ClearRequests()").AssertNoErrors();

    [Fact]
    public void Each_file_of_a_folder_is_one_object_and_nothing_is_sent_or_written()
    {
        string[] before = Snapshot();

        EngineRun run = Run("Test-ExportFiles $out").AssertNoErrors();

        Assert.Equal([Observations, Patients], Named(run));
        Assert.All(run.Output, check => Assert.True((bool)check.Properties["Passed"].Value, check.ToString()));
        Assert.All(run.Output, check => Assert.Equal("GroupExport.Files.FileCheck", check.TypeNames[0]));
        Assert.Equal(3L, run.Output.Single(check => (string)check.Properties["Name"].Value == Patients).Properties["Count"].Value);
        Assert.Empty(Requests);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("$out")]
    [InlineData("Get-ExportReceipt $out")]
    [InlineData("[IO.DirectoryInfo] $out")]
    [InlineData("$saved")]
    [InlineData("$saved + (Get-ExportReceipt $out)")]
    [InlineData("(Get-ExportReceipt $out), $saved[0], $out")]
    [InlineData("(Get-ExportReceipt $out).Files")]
    [InlineData("[IO.DirectoryInfo]::new($out).GetFiles()")]
    [InlineData("Test-ExportFiles $out")]
    [InlineData("[pscustomobject]@{ Path = $out }")]
    public void A_folder_is_checked_once_in_whatever_form_it_is_piped(string input)
    {
        Assert.Equal([Observations, Patients], Named(Run($"{input} | Test-ExportFiles").AssertNoErrors()));
        Assert.Equal([Observations, Patients], Named(Run($"[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(({input}), 2)) | Test-ExportFiles").AssertNoErrors()));
    }

    [Theory]
    [InlineData("$saved | Where-Object Type -eq Patient | Test-ExportFiles")]
    [InlineData("Test-ExportFiles \"$out/Patient.0001.ndjson\"")]
    [InlineData("[IO.FileInfo] \"$out/Patient.0001.ndjson\" | Test-ExportFiles")]
    public void A_saved_file_stands_for_itself_alone(string script)
    {
        File.WriteAllText(Path.Combine(Out, "stray"), "");
        Assert.Equal([Patients], Named(Run(script).AssertNoErrors()));

        File.Delete(Path.Combine(Out, Patients));
        Assert.Equal("Missing", Run(script).Value("State"));
    }

    [Fact]
    public void Several_folders_are_checked_and_a_bad_one_does_not_stop_the_others()
    {
        Run("$null = New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles \"$out 2\"").AssertNoErrors();

        EngineRun run = Run("Test-ExportFiles -Path \"$out/none/x\", $out, \"$out 2\", \"$out/\" -ThrottleLimit 1");

        Assert.Equal([Observations, Patients, Patients], Named(run));
        Assert.Equal("ReceiptNotFound,GroupExport.Commands.TestExportFilesCommand", run.Error.FullyQualifiedErrorId);
    }

    [Fact]
    public void A_failed_check_is_an_object_and_no_error()
    {
        File.AppendAllText(Path.Combine(Out, Patients), "{}\n");
        File.WriteAllText(Path.Combine(Out, "notes.txt"), "");

        EngineRun run = Run("$ErrorActionPreference = 'Stop'; Test-ExportFiles $out | Where-Object { -not $_.Passed }").AssertNoErrors();

        Assert.Equal(["Changed", "Stray"], run.Output.Select(check => check.Properties["State"].Value));
        Assert.Contains("4 resources instead of 3", (string)run.Output[0].Properties["Detail"].Value);
    }

    [Fact]
    public void Quiet_gives_one_truth_for_all_that_is_named()
    {
        Run("$null = New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles \"$out 2\"").AssertNoErrors();
        Assert.True(Truth(Run("$out, \"$out 2\" | Test-ExportFiles -Quiet").AssertNoErrors()));

        File.WriteAllText(Path.Combine(Out, Patients), "");
        EngineRun run = Run("$out, \"$out 2\" | Test-ExportFiles -Quiet -Verbose").AssertNoErrors();

        Assert.False(Truth(run));
        Assert.Contains(run.Verbose, line => line.StartsWith("Patient.0001.ndjson: Changed, 0 bytes on disk instead of ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Test-ExportFiles $out, \"$out/none/x\" -Quiet -ErrorAction SilentlyContinue")]
    [InlineData("Test-ExportFiles $saved[0].Path, \"$out/none\" -Quiet -ErrorAction SilentlyContinue")]
    [InlineData("Test-ExportFiles $out, '' -Quiet -ErrorAction SilentlyContinue")]
    [InlineData("@() | Test-ExportFiles -Quiet")]
    public void What_could_not_be_checked_is_not_true(string script) => Assert.False(Truth(Run(script)));

    [Fact]
    public void An_export_that_has_not_ended_is_not_intact_and_one_without_files_is()
    {
        Run("$slow = Start-ExportSandbox -PatientCount 0 -ExportDuration 3600; $null = $slow | Connect-GroupExport; New-GroupExport $slow.GroupId | Save-ExportFiles \"$out 2\" -Timeout 0.3 -ErrorAction SilentlyContinue");
        Assert.Equal("NotSaved", Run("Test-ExportFiles \"$out 2\"").Value("State"));
        Assert.False(Truth(Run("Test-ExportFiles \"$out 2\" -Quiet").AssertNoErrors()));
        Run("$slow | Stop-ExportSandbox; $null = $sandbox | Connect-GroupExport; New-GroupExport $sandbox.GroupId -Type Basic | Save-ExportFiles \"$out 3\"").AssertNoErrors();

        Assert.Empty(Run("Test-ExportFiles \"$out 3\"").AssertNoErrors().Output);
        Assert.True(Truth(Run("Test-ExportFiles \"$out 3\" -Quiet").AssertNoErrors()));
    }

    [Fact]
    public void A_receipt_that_leads_out_of_the_folder_is_refused()
    {
        string receipt = Path.Combine(Out, "export.json");
        File.WriteAllText(receipt, File.ReadAllText(receipt).Replace("\"Patient.0001.ndjson\"", "\"../Patient.0001.ndjson\"", StringComparison.Ordinal));

        foreach (string script in new[] { "Test-ExportFiles $out", "Get-ExportReceipt $out" })
        {
            ErrorRecord error = Run(script).Error;
            Assert.StartsWith("InvalidReceipt,", error.FullyQualifiedErrorId);
            Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        }
    }

    [Theory]
    [InlineData("Test-ExportFiles", "MissingPath", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ExportFiles $null", "MissingPath", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ExportFiles ''", "MissingPath", ErrorCategory.InvalidArgument)]
    [InlineData("$null | Test-ExportFiles", "MissingPath", ErrorCategory.InvalidArgument)]
    [InlineData("Test-ExportFiles \"$out/..\"", "ReceiptNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Test-ExportFiles \"$out/none\"", "ReceiptNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Test-ExportFiles Env:/PATH", "InvalidPath", ErrorCategory.InvalidArgument)]
    public void What_cannot_be_checked_is_an_error(string script, string id, ErrorCategory category)
    {
        ErrorRecord error = Run(script).Error;

        Assert.Equal($"{id},GroupExport.Commands.TestExportFilesCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_reading_of_a_large_file_that_a_progress_bar_tells_of()
    {
        // A hole of 200 GB takes no room, but minutes to read. Windows would want the room.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using (FileStream hole = File.OpenWrite(Path.Combine(Out, Patients)))
        {
            hole.SetLength(200_000_000_000);
        }

        using PowerShell shell = Engine.Prepare("Test-ExportFiles $out");
        Task<PSDataCollection<PSObject>> running = shell.InvokeAsync();
        using CancellationTokenSource patience = new(s_far);
        while (shell.Streams.Progress.Count == 0)
        {
            await Task.Delay(20, patience.Token);
        }

        await shell.StopAsync(null, null).WaitAsync(s_far);

        await Assert.ThrowsAsync<PipelineStoppedException>(() => running.WaitAsync(s_far));
        Assert.Matches("^Checking .*out$", shell.Streams.Progress[0].Activity);
        Assert.Matches("^1 of 2 files, .* of .*/s$", shell.Streams.Progress[0].StatusDescription);
    }

    [Fact]
    public void The_first_failure_can_be_the_last_that_is_looked_at()
    {
        EngineRun run = Run("Test-ExportFiles $out, $out | ForEach-Object { $_; break }");

        Assert.Single(run.Output);
    }

    private static IEnumerable<string> Named(EngineRun run) => run.Output.Select(check => (string)check.Properties["Name"].Value).Order(StringComparer.Ordinal);

    private static bool Truth(EngineRun run) => (bool)Assert.Single(run.Output).BaseObject;

    private string[] Snapshot() => [.. Directory.GetFileSystemEntries(Out, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}")];
}
