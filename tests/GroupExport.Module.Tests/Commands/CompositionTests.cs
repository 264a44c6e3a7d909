using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>The cmdlets compose: with and without variables, live and after serialization, for one job and for several.</summary>
public sealed class CompositionTests : SandboxRunspace
{
    private const string Kickoff = "$job = New-GroupExport $sandbox.GroupId -Type Patient, Observation; ";

    [Fact]
    public void One_line_kicks_off_waits_and_saves()
    {
        EngineRun run = Run("New-GroupExport $sandbox.GroupId -Type Patient, Observation | Save-ExportFiles $out").AssertNoErrors();

        Assert.Equal(["Observation.0001.ndjson", "Patient.0001.ndjson"], run.Output.Select(file => (string)file.Properties["Name"].Value).Order());
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Theory]
    [InlineData("$job")]
    [InlineData("$job.StatusUrl")]
    [InlineData("[uri] $job.StatusUrl")]
    [InlineData("$job | Get-ExportStatus")]
    [InlineData("$job | Get-ExportStatus -Wait")]
    [InlineData("($job | Get-ExportStatus -Wait).Files")]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($job, 2))")]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(($job | Get-ExportStatus -Wait), 2))")]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(($job | Get-ExportStatus -Wait).Files, 2))")]
    [InlineData("[pscustomobject]@{ StatusUrl = $job.StatusUrl; GroupId = $job.GroupId }")]
    public void Save_takes_a_job_in_every_form(string input)
    {
        EngineRun run = Run($"{Kickoff} {input} | Save-ExportFiles $out").AssertNoErrors();

        Assert.Equal(2, run.Output.Count);
        Assert.All(run.Output, file => Assert.Equal("Saved", file.Properties["State"].Value));
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
        Assert.Single(Arrived, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public void A_job_holds_no_patient_and_no_secret_however_it_is_serialized()
    {
        Run("$patient = ([IO.File]::ReadAllText((New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles $out).Path)) -replace '(?s)^.*?\"id\":\"([^\"]+)\".*$', '$1'").AssertNoErrors();
        string id = (string)Run("$patient").Output.Single().BaseObject;

        EngineRun run = Run("$job = New-GroupExport $sandbox.GroupId -Patient $patient -Type Patient; [Management.Automation.PSSerializer]::Serialize($job, 9); \"$job\"");

        run.AssertNoErrors();
        Assert.All(run.Output, text => Assert.DoesNotContain(id, text.ToString()));
        Assert.Equal(1, Run("$job").Value("PatientCount"));
    }

    [Fact]
    public void Several_groups_are_saved_side_by_side_to_folders_of_their_own()
    {
        EngineRun run = Run("New-GroupExport $sandbox.GroupIds -Type Patient | Save-ExportFiles -Path { \"$out/$($_.GroupId)\" }").AssertNoErrors();

        Assert.Equal(3, run.Output.Count);
        Assert.Equal(3, Directory.GetFiles(Out, "Patient.0001.ndjson", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Two_jobs_for_one_folder_fail_before_the_first_byte_and_stay_known()
    {
        EngineRun run = Run("$jobs = New-GroupExport $sandbox.GroupIds[0], $sandbox.GroupIds[1] -Type Patient; $jobs | Save-ExportFiles $out");

        Assert.Equal(2, run.Errors.Count);
        Assert.All(run.Errors, error => Assert.Equal("FolderShared,GroupExport.Commands.SaveExportFilesCommand", error.FullyQualifiedErrorId));
        Assert.Empty(Directory.GetFiles(Out, "*.ndjson*"));
        Assert.DoesNotContain(Arrived, request => request.StartsWith("GET", StringComparison.Ordinal));
        Run("Get-ExportReceipt $out | Save-ExportFiles").AssertNoErrors();
    }

    [Fact]
    public void Chosen_files_alone_are_saved_and_the_receipt_says_that_the_rest_is_missing()
    {
        Run($"{Kickoff} ($job | Get-ExportStatus -Wait).Files | Where-Object Type -EQ Patient | Save-ExportFiles $out").AssertNoErrors();

        Assert.Equal("Incomplete", Run("Get-ExportReceipt $out").Value("State"));
        Assert.Equal(["Patient.0001.ndjson"], Directory.GetFiles(Out, "*.ndjson").Select(Path.GetFileName));

        Run("Get-ExportReceipt $out | Save-ExportFiles").AssertNoErrors();
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Fact]
    public void A_second_run_fetches_nothing_that_is_there()
    {
        Run($"{Kickoff} $job | Save-ExportFiles $out").AssertNoErrors();
        File.Delete(Path.Combine(Out, "Patient.0001.ndjson"));
        Run("$sandbox.ClearRequests()").AssertNoErrors();

        EngineRun run = Run("$job | Save-ExportFiles $out").AssertNoErrors();

        Assert.Equal(["AlreadySaved", "Saved"], run.Output.Select(file => (string)file.Properties["State"].Value).Order());
        Assert.Single(Arrived, request => request.EndsWith(".ndjson", StringComparison.Ordinal));
    }

    [Fact]
    public void A_receipt_does_not_say_complete_when_a_file_is_gone()
    {
        Run($"{Kickoff} $job | Save-ExportFiles $out").AssertNoErrors();
        File.Delete(Path.Combine(Out, "Patient.0001.ndjson"));

        Assert.Equal("Incomplete", Run("Get-ExportReceipt $out").Value("State"));
        Assert.Equal("Missing", Run("(Get-ExportReceipt $out).Files | Where-Object Type -EQ Patient").Value("State"));
    }

    [Theory]
    [InlineData("../escaped.txt")]
    [InlineData("export.json")]
    public void A_name_that_this_module_did_not_give_never_reaches_the_disk(string name)
    {
        Run(Kickoff + "$status = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize(($job | Get-ExportStatus -Wait), 2)); $status.Files[0].Name = $name; $status | Save-ExportFiles $out", ("name", name)).AssertNoErrors();

        Assert.Equal(["Observation.0001.ndjson", "Patient.0001.ndjson"], Directory.GetFiles(Out, "*.ndjson").Select(Path.GetFileName).Order());
        Assert.Equal(["out"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Fact]
    public void A_status_that_lost_its_files_is_asked_for_again()
    {
        Run(Kickoff + "$status = $job | Get-ExportStatus -Wait; [pscustomobject]@{ StatusUrl = $status.StatusUrl; State = $status.State; CheckedAt = $status.CheckedAt } | Save-ExportFiles $out").AssertNoErrors();

        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Fact]
    public void An_export_without_files_is_empty_has_a_receipt_and_draws_a_warning()
    {
        EngineRun run = Run("New-GroupExport $sandbox.GroupId -Since 2099-01-01T00:00:00Z | Save-ExportFiles $out").AssertNoErrors();

        Assert.Contains("has no files", Assert.Single(run.Warnings));
        Assert.Equal("Empty", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Fact]
    public void A_removed_job_is_no_longer_known_and_removing_it_again_is_no_error()
    {
        Run($"{Kickoff} $job | Remove-GroupExport -WhatIf").AssertNoErrors();
        Assert.DoesNotContain(Arrived, request => request.StartsWith("DELETE", StringComparison.Ordinal));

        Run("$job | Stop-GroupExport; $job | Remove-GroupExport").AssertNoErrors();

        Assert.Equal(2, Arrived.Count(request => request.StartsWith("DELETE", StringComparison.Ordinal)));
        ErrorRecord error = Run("$job | Get-ExportStatus").Error;
        Assert.Equal("JobNotFound,GroupExport.Commands.GetExportStatusCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
    }

    [Fact]
    public void A_job_of_another_server_is_not_asked_for_over_this_connection()
    {
        Run($"{Kickoff} $saved = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($job)); $other = Start-ExportSandbox -PatientCount 0; $null = $other | Connect-GroupExport").AssertNoErrors();

        EngineRun run = Run("$saved | Get-ExportStatus; $other.Requests.Count; $other | Stop-ExportSandbox");

        Assert.Equal("WrongConnection,GroupExport.Commands.GetExportStatusCommand", run.Error.FullyQualifiedErrorId);
        Assert.Equal(0, Assert.Single(run.Output).BaseObject);
    }
}
