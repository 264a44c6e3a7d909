using System.Text.Json.Nodes;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary><c>-LogPath</c>: what was done with an export, whichever process did it.</summary>
public sealed class AuditLogTests : SandboxRunspace
{
    private const string New = "New-GroupExport $sandbox.GroupId -Type Patient";

    public AuditLogTests()
        : base("-PatientCount 3 -ExportDuration 0.2 -RetryAfter 0 -Authorization None") => Run("$log = $args0", ("args0", LogPath)).AssertNoErrors();

    private string LogPath => Path.Combine(Folder, "logs", "export.ndjson");

    private JsonObject[] Lines => [.. File.ReadAllLines(LogPath).Select(line => JsonNode.Parse(line)!.AsObject())];

    private string[] EventIds => [.. Lines.Select(line => (string)line["eventId"]!)];

    [Fact]
    public void An_export_has_one_id_however_its_job_is_known()
    {
        Run($"$job = {New} -LogPath $log -JobFile \"$log.json\"").AssertNoErrors();
        Run("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($job, 2)) | Get-ExportStatus -LogPath $log").AssertNoErrors();
        Run("$job.StatusUrl | Get-ExportStatus -Wait -LogPath $log").AssertNoErrors();
        Run("\"$log.json\" | Save-ExportFiles $out -LogPath $log").AssertNoErrors();
        Run("Get-ExportReceipt $out | Save-ExportFiles -LogPath $log").AssertNoErrors();
        string id = (string)Run("$job").Value("ExportId")!;

        Assert.Equal(["kickoff", "download_request", "download_complete"], EventIds.Where(name => !name.StartsWith("status_", StringComparison.Ordinal) && name is not ("manifest_complete" or "export_complete")));
        Assert.Equal(2, EventIds.Count(name => name == "export_complete"));
        Assert.All(Lines, line => Assert.Equal(id, (string?)line["exportId"]));
        Assert.Equal(id, Run("Get-ExportReceipt $out").Value("ExportId"));
    }

    [Fact]
    public void A_pipeline_tells_of_each_manifest_once()
    {
        Run($"{New} -LogPath $log | Get-ExportStatus -Wait -LogPath $log | Save-ExportFiles $out -LogPath $log").AssertNoErrors();

        Assert.Equal(
            ["kickoff", "status_complete", "status_page_complete", "manifest_complete", "download_request", "download_complete", "export_complete"],
            EventIds.Where(name => name != "status_progress"));
    }

    [Fact]
    public void The_jobs_of_one_pipeline_are_told_apart_by_their_ids()
    {
        Run($"1..5 | ForEach-Object {{ {New} -LogPath $log }} | Save-ExportFiles -Path {{ \"$out/$($_.ExportId)\" }} -LogPath $log").AssertNoErrors();

        IGrouping<string, JsonObject>[] exports = [.. Lines.GroupBy(line => (string)line["exportId"]!)];
        Assert.Equal(5, exports.Length);
        Assert.All(exports, export => Assert.Equal(
            ["kickoff", "status_complete", "status_page_complete", "manifest_complete", "download_request", "download_complete", "export_complete"],
            export.Select(line => (string)line["eventId"]!).Where(name => name != "status_progress")));
        Assert.Equal(Directory.GetDirectories(Out).Select(path => Path.GetFileName(path)).Order(), exports.Select(export => export.Key).Order());
    }

    [Fact]
    public void The_connection_brings_the_log_where_a_cmdlet_names_none()
    {
        Run($"$null = $sandbox | Connect-GroupExport -LogPath $log; {New} | Get-ExportStatus -Wait | Save-ExportFiles $out").AssertNoErrors();
        string[] before = EventIds;

        Assert.Equal(LogPath, Run("Get-GroupExportConnection").Value("LogPath"));
        Assert.Equal(["kickoff", "export_complete"], new[] { before[0], before[^1] });

        Run($"{New} -LogPath \"$log.other\"").AssertNoErrors();
        Assert.Equal(before, EventIds);
        Assert.Single(File.ReadAllLines(LogPath + ".other"));
    }

    [Theory]
    [InlineData("New-GroupExport", "New-GroupExport $sandbox.GroupId")]
    [InlineData("Get-ExportStatus", "$job | Get-ExportStatus")]
    [InlineData("Save-ExportFiles", "$job | Save-ExportFiles $out")]
    [InlineData("Get-ExportStatus", "New-GroupExport $sandbox.GroupId | Get-ExportStatus -Wait")]
    [InlineData("Save-ExportFiles", "New-GroupExport $sandbox.GroupId | Save-ExportFiles -Path { \"$out/$($_.ExportId)\" }")]
    [InlineData("Connect-GroupExport", "$sandbox | Connect-GroupExport")]
    public void A_log_that_cannot_be_written_keeps_everything_from_being_sent(string cmdlet, string command)
    {
        Run($"$job = {New}; $sandbox.ClearRequests(); $null = [IO.Directory]::CreateDirectory($log)").AssertNoErrors();

        EngineRun run = Run($"{command} -LogPath $log");

        Assert.Equal($"LogNotWritable,GroupExport.Commands.{cmdlet.Replace("-", "", StringComparison.Ordinal)}Command", run.Error.FullyQualifiedErrorId);
        Assert.Equal(LogPath, run.Error.TargetObject);
        Assert.Empty(Requests);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void A_log_of_the_connection_that_can_no_longer_be_written_keeps_a_job_from_being_asked_for()
    {
        Run($"$null = $sandbox | Connect-GroupExport -LogPath $log; $job = {New}; $sandbox.ClearRequests(); [IO.File]::Delete($log); $null = [IO.Directory]::CreateDirectory($log)").AssertNoErrors();

        Assert.Equal("LogNotWritable,GroupExport.Commands.GetExportStatusCommand", Run("$job | Get-ExportStatus").Error.FullyQualifiedErrorId);
        Assert.Equal("LogNotWritable,GroupExport.Commands.SaveExportFilesCommand", Run("$job | Save-ExportFiles $out").Error.FullyQualifiedErrorId);
        Assert.Equal("LogNotWritable,GroupExport.Commands.NewGroupExportCommand", Run(New).Error.FullyQualifiedErrorId);
        Assert.Empty(Requests);
        Assert.False(Directory.Exists(Out));
    }

    [Theory]
    [InlineData("New-GroupExport $sandbox.GroupId -LogPath ' '")]
    [InlineData("$job = New-GroupExport $sandbox.GroupId; $job | Get-ExportStatus -LogPath $misspelt")]
    [InlineData("$sandbox | Connect-GroupExport -LogPath $misspelt")]
    public void An_empty_path_is_no_log(string command) => Assert.StartsWith("InvalidParameter,", Run(command).Error.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Theory]
    [InlineData("New-GroupExport $sandbox.GroupId -LogPath $log -WhatIf")]
    [InlineData("$job | Save-ExportFiles $out -LogPath $log -WhatIf")]
    public void With_WhatIf_no_log_is_made(string command)
    {
        Run($"$job = {New}; {command}").AssertNoErrors();

        Assert.False(Directory.Exists(Path.GetDirectoryName(LogPath)));
    }

    [Fact]
    public void A_full_disk_is_a_warning_and_the_export_is_complete()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        EngineRun run = Run($"{New} | Save-ExportFiles $out -LogPath /dev/full").AssertNoErrors();

        Assert.StartsWith("The audit log /dev/full cannot be written now", Assert.Single(run.Warnings), StringComparison.Ordinal);
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Fact]
    public void A_log_in_the_folder_of_the_files_is_no_stray()
    {
        Run($"{New} -LogPath $out/log.ndjson | Save-ExportFiles $out -LogPath $out/log.ndjson").AssertNoErrors();

        Assert.Equal(["Intact"], Run("(Test-ExportFiles $out).State").AssertNoErrors().Output.Select(state => state.ToString()));
    }

    [Fact]
    public async Task Several_processes_write_to_one_log_whole_lines_each()
    {
        const int Processes = 3;
        const int Each = 6;
        string address = (string)Run("\"-BaseUri '$($sandbox.BaseUri)' $($sandbox.DestinationSlug) $($sandbox.EnvironmentFlag)\"").Output[0].BaseObject;
        string group = (string)Run("$sandbox").Value("GroupId")!;
        string script = $$"""
            Import-Module '{{BuildFacts.StagedModule}}'
            $null = Connect-GroupExport {{address}} -LogPath '{{LogPath}}'
            1..{{Each}} | ForEach-Object { New-GroupExport {{group}} } | Save-ExportFiles -Path { "{{Folder}}/$($_.ExportId)" } -ThrottleLimit 8
            """;

        ShellResult[] results = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => FreshPowerShell.RunAsync(script)));

        Assert.All(results, result => Assert.True(result.ExitCode == 0, result.Errors));
        IGrouping<string, JsonObject>[] exports = [.. Lines.GroupBy(line => (string)line["exportId"]!)];
        Assert.Equal(Processes * Each, exports.Length);
        Assert.All(exports, export =>
        {
            JsonNode end = export.Single(line => (string)line["eventId"]! == "export_complete")["eventDetail"]!;
            JsonNode[] files = [.. export.Where(line => (string)line["eventId"]! == "download_complete").Select(line => line["eventDetail"]!)];
            Assert.Equal(((int)end["files"]!, (long)end["resources"]!, (long)end["bytes"]!), (files.Length, files.Sum(file => (long)file["resourceCount"]!), files.Sum(file => (long)file["fileSize"]!)));
        });
    }
}
