using System.Management.Automation;
using GroupExport.ModuleTests.Engine;
using GroupExport.ModuleTests.Server;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Removing exports from the server: cancelling is free, and what is finished goes when its files are verified.</summary>
public sealed class RemovalTests : SandboxRunspace
{
    private const string Remove = "GroupExport.Commands.RemoveGroupExportCommand";
    private const string Finished = "$job = New-GroupExport $sandbox.GroupId -Type Patient, Observation; $status = $job | Get-ExportStatus -Wait; ";

    private static readonly ScriptedReply s_listing = new(200, "{\"transactionTime\":\"2026-11-23T00:00:00Z\",\"requiresAccessToken\":false,\"output\":[{\"type\":\"Patient\",\"url\":\"/file\"}]}");

    private int _asked;
    private int _deletes;

    private int Deletes => Arrived.Count(request => request.StartsWith("DELETE", StringComparison.Ordinal));

    [Theory]
    [InlineData("$job | Remove-GroupExport -Path $out")]
    [InlineData("$status | Remove-GroupExport -Path $out")]
    [InlineData("$job.StatusUrl | Remove-GroupExport -Path $out")]
    [InlineData("Remove-GroupExport $job -Path $out")]
    [InlineData("Get-ExportReceipt $out | Remove-GroupExport")]
    [InlineData("Remove-GroupExport (Get-ExportReceipt $out)")]
    [InlineData("[Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize((Get-ExportReceipt $out), 2)) | Remove-GroupExport")]
    public void A_finished_export_goes_only_when_its_files_are_there(string script)
    {
        Run($"{Finished} $status.Files[0] | Save-ExportFiles $out").AssertNoErrors();

        ErrorRecord error = Run(script).Error;

        Assert.Equal($"FilesNotVerified,{Remove}", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidOperation, error.CategoryInfo.Category);
        Assert.Contains("1 of 2 files", error.ErrorDetails.Message);
        Assert.Equal(0, Deletes);

        Run("$job | Save-ExportFiles $out").AssertNoErrors();
        Run(script).AssertNoErrors();
        Assert.Equal(1, Deletes);
    }

    [Theory]
    [InlineData("$job | Remove-GroupExport -Path $out -Force")]
    [InlineData("$status | Remove-GroupExport")]
    public void Force_removes_it_all_the_same_and_so_does_who_names_no_folder(string script)
    {
        Run(Finished + script).AssertNoErrors();

        Assert.Equal(1, Deletes);
    }

    [Fact]
    public void A_job_file_tells_that_the_files_are_not_saved()
    {
        Run("$job = New-GroupExport $sandbox.GroupId -Type Patient -JobFile \"$out.json\"; $null = $job | Get-ExportStatus -Wait").AssertNoErrors();

        Assert.Equal($"FilesNotVerified,{Remove}", Run("Remove-GroupExport \"$out.json\"").Error.FullyQualifiedErrorId);
        Assert.Equal(0, Deletes);

        Run("$job | Save-ExportFiles $out; Remove-GroupExport \"$out.json\"").AssertNoErrors();
        Assert.Equal(1, Deletes);
    }

    [Fact]
    public void Cancelling_is_never_refused()
    {
        Run("$slow = Start-ExportSandbox -PatientCount 1 -ExportDuration 3600; $null = $slow | Connect-GroupExport; $job = New-GroupExport $slow.GroupId -JobFile \"$out.json\"").AssertNoErrors();

        Run("$job | Stop-GroupExport -Path $out").AssertNoErrors();

        Assert.Contains("DELETE", (string)Run("\"$($slow.Requests.Method)\"; $slow | Stop-ExportSandbox").Output[0].BaseObject);
        Assert.Contains("\"Deleted\"", File.ReadAllText(Out + ".json"));
    }

    [Fact]
    public void WhatIf_asks_for_nothing_and_removes_nothing()
    {
        Run($"{Finished} $sandbox.ClearRequests(); $job | Remove-GroupExport -Path $out -WhatIf; $job | Remove-GroupExport -Force -WhatIf").AssertNoErrors();

        Assert.Empty(Arrived);
    }

    [Theory]
    [InlineData("-Type Patient, Observation", "Complete", 1)]
    [InlineData("-Since 2099-01-01T00:00:00Z", "Empty", 1)]
    public void RemoveWhenComplete_removes_what_misses_nothing(string request, string state, int deletes)
    {
        Run($"New-GroupExport $sandbox.GroupId {request} -JobFile \"$out.json\" | Save-ExportFiles $out -RemoveWhenComplete").AssertNoErrors();

        Assert.Equal(deletes, Deletes);
        Assert.Equal(state, Run("Get-ExportReceipt $out").Value("State"));
        Assert.Contains("\"Deleted\"", File.ReadAllText(Out + ".json"));
    }

    [Theory]
    [InlineData("$status.Files[0] | Save-ExportFiles $out -RemoveWhenComplete", "Incomplete")]
    [InlineData("$job = New-GroupExport $sandbox.GroupId -Type Patient, Basic -TypeFilter 'Patient?gender=female,male'; $job | Save-ExportFiles $out -RemoveWhenComplete", "CompletedWithErrors")]
    public void RemoveWhenComplete_leaves_all_else_and_says_so(string script, string state)
    {
        EngineRun run = Run(Finished + script).AssertNoErrors();

        Assert.Equal(0, Deletes);
        Assert.Contains(run.Warnings, warning => warning.Contains("was left on the server", StringComparison.Ordinal) && warning.Contains(state, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(503, 0)]
    [InlineData(429, 0)]
    [InlineData(404, 1)]
    [InlineData(200, 1)]
    public void RemoveWhenComplete_needs_the_list_of_files_confirmed_or_the_job_gone(int status, int deletes)
    {
        using ScriptedServer server = new(call => Script(call, asked => asked == 1 ? s_listing : new ScriptedReply(status, status == 200 ? s_listing.Body : "")));

        EngineRun run = RunAt(server, "$url | Save-ExportFiles $out -RemoveWhenComplete").AssertNoErrors();

        Assert.Equal(deletes, _deletes);
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
        Assert.Equal(deletes == 0, run.Warnings.Any(warning => warning.Contains("did not confirm its list of files", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void RemoveWhenComplete_asks_about_a_folder_that_an_earlier_run_did_not_confirm(bool isKnownThen, int deletes)
    {
        using ScriptedServer server = new(call => Script(call, asked => asked == 2 || (asked == 3 && !isKnownThen) ? new ScriptedReply(503) : s_listing));

        RunAt(server, "$url | Save-ExportFiles $out").AssertNoErrors();
        RunAt(server, "$url | Save-ExportFiles $out").AssertNoErrors();
        Assert.Equal(2, _asked);
        RunAt(server, "$url | Save-ExportFiles $out -RemoveWhenComplete").AssertNoErrors();

        Assert.Equal((3, deletes), (_asked, _deletes));
    }

    [Fact]
    public void RemoveWhenComplete_leaves_an_export_that_came_without_a_manifest()
    {
        using ScriptedServer server = new(call => Script(call, _ => new ScriptedReply(200)));

        EngineRun run = RunAt(server, "$url | Save-ExportFiles $out -RemoveWhenComplete").AssertNoErrors();

        Assert.Equal(0, _deletes);
        Assert.Equal("Empty", Run("Get-ExportReceipt $out").Value("State"));
        Assert.Contains(run.Warnings, warning => warning.Contains("sent no manifest", StringComparison.Ordinal));
    }

    [Fact]
    public void A_removal_that_fails_makes_nothing_less_of_what_is_saved()
    {
        using FileServer server = new();
        server.Files["Patient.ndjson"] = "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n";
        server.RefusesRemoval = true;

        EngineRun run = Run("$null = Connect-GroupExport -FhirBaseUri $base; $url | Save-ExportFiles $out -RemoveWhenComplete", ("base", server.BaseUri), ("url", server.StatusUrl)).AssertNoErrors();

        Assert.Contains("not removed from the server", Assert.Single(run.Warnings));
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Fact]
    public void An_end_that_is_near_draws_a_warning()
    {
        using FileServer server = new();
        server.Expires = DateTime.UtcNow.AddMinutes(20);

        EngineRun run = Run("$null = Connect-GroupExport -FhirBaseUri $base; $url | Get-ExportStatus; $url | Get-ExportStatus -Wait", ("base", server.BaseUri), ("url", server.StatusUrl)).AssertNoErrors();

        Assert.Equal(2, run.Warnings.Count);
        Assert.All(run.Warnings, warning => Assert.Contains("20 min from now", warning));
        Assert.All(run.Output, status => Assert.Equal(server.Expires.Value.ToString("u"), ((DateTime)status.Properties["Expires"].Value).ToString("u")));
    }

    private EngineRun RunAt(ScriptedServer server, string script) =>
        Run($"$null = Connect-GroupExport -FhirBaseUri $base -SpecVersion 2; {script}", ("base", server.Root), ("url", server.Root + "status/1"));

    private ScriptedReply Script(ScriptedCall call, Func<int, ScriptedReply> status)
    {
        if (call.Method == "DELETE")
        {
            _deletes++;
            return new ScriptedReply(202);
        }

        return call.Path[^1] == "file" ? new ScriptedReply(200, "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n") : status(++_asked);
    }
}
