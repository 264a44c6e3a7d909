using System.Management.Automation;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Runbooks that may run twice: <c>New-GroupExport -JobFile</c> and what the other cmdlets note there.</summary>
public sealed class JobFileTests : SandboxRunspace
{
    private const string New = "GroupExport.Commands.NewGroupExportCommand";
    private const string Kickoff = "$job = New-GroupExport $sandbox.GroupId -Type Patient -JobFile $file; ";

    public JobFileTests() => Run("$file = $args0", ("args0", JobPath)).AssertNoErrors();

    private string JobPath => Path.Combine(Folder, "jobs", "nightly.json");

    private string State => (string)JsonNode.Parse(File.ReadAllText(JobPath))!["state"]!;

    private int KickOffs => Arrived.Count(request => request.StartsWith("POST", StringComparison.Ordinal));

    [Fact]
    public void A_second_run_gets_the_job_that_runs()
    {
        Run(Kickoff).AssertNoErrors();

        EngineRun run = Run($"$first = $job; {Kickoff} $job.StatusUrl -eq $first.StatusUrl; $job.JobFile").AssertNoErrors();

        Assert.Equal([true, JobPath], run.Output.Select(item => item.BaseObject));
        Assert.Equal(1, KickOffs);
        Assert.Equal("Running", State);
    }

    [Fact]
    public void Saved_today_another_is_started_tomorrow()
    {
        Run($"{Kickoff} $job | Save-ExportFiles $out").AssertNoErrors();
        Assert.Equal("Saved", State);
        Assert.Equal(Out, (string?)JsonNode.Parse(File.ReadAllText(JobPath))!["folder"]);

        Run($"$first = $job; {Kickoff} if ($job.StatusUrl -eq $first.StatusUrl) {{ throw 'the same' }}").AssertNoErrors();

        Assert.Equal(2, KickOffs);
        Assert.Equal("Running", State);
    }

    [Fact]
    public void A_job_from_another_process_notes_that_all_is_saved()
    {
        Run($"{Kickoff} [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($job, 2)) | Save-ExportFiles $out").AssertNoErrors();

        Assert.Equal("Saved", State);
        Assert.Equal(JobPath, Run("Get-ExportReceipt $out").Value("JobFile"));
    }

    [Fact]
    public void What_misses_files_is_not_saved()
    {
        Run("$job = New-GroupExport $sandbox.GroupId -Type Patient, Observation -JobFile $file; ($job | Get-ExportStatus -Wait).Files[0] | Save-ExportFiles $out").AssertNoErrors();
        Assert.Equal("Running", State);

        Run("Get-ExportReceipt $out | Save-ExportFiles").AssertNoErrors();
        Assert.Equal("Saved", State);
    }

    [Fact]
    public void Removed_is_noted_and_the_next_run_starts()
    {
        Run($"{Kickoff} $job | Remove-GroupExport -Force").AssertNoErrors();
        Assert.Equal("Deleted", State);

        Run(Kickoff).AssertNoErrors();
        Assert.Equal(2, KickOffs);
    }

    [Theory]
    [InlineData("Get-ExportStatus")]
    [InlineData("Get-ExportStatus -Wait")]
    [InlineData("Save-ExportFiles $out")]
    public void A_job_that_the_server_knows_no_more_has_failed(string command)
    {
        Run($"{Kickoff} $job.StatusUrl | Remove-GroupExport").AssertNoErrors();
        Assert.Equal("Running", State);

        ErrorRecord error = Run($"$job | {command}").Error;

        Assert.StartsWith("JobNotFound,", error.FullyQualifiedErrorId);
        Assert.Equal("Failed", State);
        Run(Kickoff).AssertNoErrors();
        Assert.Equal(2, KickOffs);
    }

    [Theory]
    [InlineData("Get-Item $file | Get-ExportStatus")]
    [InlineData("$file | Get-ExportStatus")]
    [InlineData("Get-ExportStatus $file -Wait")]
    [InlineData("Get-ExportStatus $file -Wait | Save-ExportFiles $out")]
    [InlineData("[IO.FileInfo] $file | Save-ExportFiles $out")]
    [InlineData("Remove-GroupExport $file -Force")]
    public void A_job_file_stands_for_its_job(string script)
    {
        Run(Kickoff).AssertNoErrors();

        Run(script.Replace("Get-Item $file", "[IO.FileInfo] $file", StringComparison.Ordinal)).AssertNoErrors();

        Assert.Equal(script.Contains("Save") ? "Saved" : script.Contains("Remove") ? "Deleted" : "Running", State);
    }

    [Fact]
    public void Another_request_for_the_file_of_a_job_that_runs_is_an_error()
    {
        Run(Kickoff).AssertNoErrors();

        ErrorRecord error = Run("New-GroupExport $sandbox.GroupId -Type Observation -JobFile $file -Force").Error;

        Assert.Equal($"JobFileDiffers,{New}", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Equal("GroupExport.Jobs.ExportJob", error.TargetObject.GetType().FullName);
        Assert.Equal(1, KickOffs);
    }

    [Theory]
    [InlineData("-Force", 1)]
    [InlineData("-Force:$false", 0)]
    [InlineData("-Force -JobFile $file", 0)]
    public void Force_without_a_job_file_has_no_effect_and_says_so(string parameters, int warnings)
    {
        EngineRun run = Run($"New-GroupExport $sandbox.GroupId -Type Patient {parameters}").AssertNoErrors();

        Assert.Single(run.Output);
        Assert.Equal(warnings, run.Warnings.Count(warning => warning.Contains("-Force has no effect without -JobFile", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_kick_off_of_which_nobody_knows_is_uncertain_until_Force()
    {
        Run(Kickoff).AssertNoErrors();
        JsonNode record = JsonNode.Parse(File.ReadAllText(JobPath))!;
        record["state"] = "Sending";
        record.AsObject().Remove("job");
        WriteSealed(record.AsObject());

        ErrorRecord error = Run(Kickoff).Error;
        Assert.Equal($"KickOffUncertain,{New}", error.FullyQualifiedErrorId);
        Assert.Equal(JobPath, error.TargetObject);
        Assert.Equal("KickOffUncertain,GroupExport.Commands.GetExportStatusCommand", Run("$file | Get-ExportStatus").Error.FullyQualifiedErrorId);
        Assert.Equal(1, KickOffs);

        Run($"{Kickoff.TrimEnd(' ', ';')} -Force").AssertNoErrors();
        Assert.Equal(2, KickOffs);
        Assert.Equal("Running", State);
    }

    /// <summary>Writes a record with the digest that docs/design.md describes.</summary>
    private void WriteSealed(JsonObject record)
    {
        record.Remove("digest");
        record["digest"] = $"sha256:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(record.ToJsonString()))).ToLowerInvariant()}";
        File.WriteAllText(JobPath, record.ToJsonString());
    }

    [Theory]
    [InlineData("New-GroupExport $sandbox.GroupIds -JobFile $file", "JobFileShared")]
    [InlineData("New-GroupExport g -JobFile ''", "InvalidParameter")]
    [InlineData("New-GroupExport g -JobFile ([IO.Path]::GetTempPath())", "InvalidPath")]
    [InlineData("New-GroupExport g -JobFile Env:x", "InvalidPath")]
    [InlineData("$null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file)); [IO.File]::WriteAllText($file, '{}'); New-GroupExport $sandbox.GroupId -JobFile $file", "InvalidJobFile")]
    [InlineData("$null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file)); [IO.File]::WriteAllText($file, ''); New-GroupExport $sandbox.GroupId -JobFile \"$file/job.json\"", "JobFileNotWritable")]
    public void What_cannot_be_a_job_file_keeps_everything_from_being_sent(string script, string id)
    {
        Assert.Equal($"{id},{New}", Run(script).Error.FullyQualifiedErrorId);
        Assert.Empty(Arrived);
    }

    [Fact]
    public void While_another_process_works_with_the_file_nothing_is_sent()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(JobPath)!);
        using (new FileStream(JobPath + ".lock", FileMode.Create, FileAccess.Write, FileShare.None))
        {
            ErrorRecord error = Run(Kickoff).Error;
            Assert.Equal($"JobFileInUse,{New}", error.FullyQualifiedErrorId);
            Assert.Equal(ErrorCategory.ResourceBusy, error.CategoryInfo.Category);
        }

        Assert.Empty(Arrived);
        Run(Kickoff).AssertNoErrors();
    }

    [Fact]
    public void WhatIf_writes_no_job_file()
    {
        Run("New-GroupExport $sandbox.GroupId -JobFile $file -WhatIf").AssertNoErrors();

        Assert.False(Directory.Exists(Path.GetDirectoryName(JobPath)));
        Assert.Empty(Arrived);
    }

    [Fact]
    public void A_refused_kick_off_is_noted_and_lets_the_next_run_start()
    {
        Assert.Equal($"KickOffRejected,{New}", Run("New-GroupExport none -Type Patient -JobFile $file").Error.FullyQualifiedErrorId);
        Assert.Equal("Failed", State);
        Assert.Equal("InvalidJobFile,GroupExport.Commands.GetExportStatusCommand", Run("$file | Get-ExportStatus").Error.FullyQualifiedErrorId);

        Run(Kickoff).AssertNoErrors();
        Assert.Equal("Running", State);
    }
}
