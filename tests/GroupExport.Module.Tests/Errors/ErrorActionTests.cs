using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Errors;

/// <summary>
/// Errors as a runbook meets them: terminating only where nothing more can be done, and by <c>$?</c>, <c>-ErrorAction</c>, <c>-ErrorVariable</c> and
/// <c>try</c>/<c>catch</c> on <c>FullyQualifiedErrorId</c> the way scripts expect.
/// </summary>
public sealed class ErrorActionTests : SandboxRunspace
{
    public ErrorActionTests()
        : base("-Authorization None -PatientCount 3 -ExportDuration 0 -RetryAfter 0")
    {
        Run("$connection = Get-GroupExportConnection; $job = New-GroupExport $sandbox.GroupId -Type Patient; $done = \"$out-done\"").AssertNoErrors();
        Run("$job | Save-ExportFiles $done").AssertNoErrors();
    }

    /// <summary>What concerns one of several things: the others come out.</summary>
    public static TheoryData<string, string, int> OneOfSeveral => new()
    {
        { "New-GroupExport none, $sandbox.GroupId", "KickOffRejected,GroupExport.Commands.NewGroupExportCommand", 1 },
        { "'nonsense', 'Patient' | New-GroupExport $sandbox.GroupId -WarningAction Ignore", "UnknownInput,GroupExport.Commands.NewGroupExportCommand", 0 },
        { "1, $job | Get-ExportStatus", "NotAJob,GroupExport.Commands.GetExportStatusCommand", 1 },
        { "\"$($sandbox.BaseUri)gone\", $job | Get-ExportStatus -Wait", "JobNotFound,GroupExport.Commands.GetExportStatusCommand", 1 },
        { "1, $job | Save-ExportFiles $done", "NotAJob,GroupExport.Commands.SaveExportFilesCommand", 1 },
        { "\"$out/nowhere\", $done | Get-ExportReceipt", "ReceiptNotFound,GroupExport.Commands.GetExportReceiptCommand", 1 },
        { "'', $done | Get-ExportReceipt", "MissingPath,GroupExport.Commands.GetExportReceiptCommand", 1 },
        { "\"$out/nowhere\", $done | Test-ExportFiles", "ReceiptNotFound,GroupExport.Commands.TestExportFilesCommand", 1 },
        { "1, $job | Remove-GroupExport", "NotAJob,GroupExport.Commands.RemoveGroupExportCommand", 0 },
        { "Test-GroupExportConnection -GroupId 'a b'", "InvalidGroupId,GroupExport.Commands.TestGroupExportConnectionCommand", 0 },
    };

    /// <summary>What leaves nothing to do.</summary>
    public static TheoryData<string, string> NothingLeftToDo => new()
    {
        { "Connect-GroupExport slug", "InvalidParameter,GroupExport.Commands.ConnectGroupExportCommand" },
        { "Connect-GroupExport -FhirBaseUri http://localhost/r4 -ClientId c -PrivateKeyPath \"$out/none\"", "KeyFileUnreadable,GroupExport.Commands.ConnectGroupExportCommand" },
        { "New-GroupExport", "MissingGroup,GroupExport.Commands.NewGroupExportCommand" },
        { "New-GroupExport g -Type Observaton", "UnknownResourceType,GroupExport.Commands.NewGroupExportCommand" },
        { "@() | New-GroupExport g", "EmptyPipeline,GroupExport.Commands.NewGroupExportCommand" },
        { "$job | Get-ExportStatus -MinPollInterval 0", "InvalidParameter,GroupExport.Commands.GetExportStatusCommand" },
        { "$job | Save-ExportFiles Variable:x", "InvalidPath,GroupExport.Commands.SaveExportFilesCommand" },
        { "$job | Save-ExportFiles $done -StallTimeout 0", "InvalidParameter,GroupExport.Commands.SaveExportFilesCommand" },
        { "Start-ExportSandbox -PatientCount -1", "SandboxFailed,GroupExport.Commands.StartExportSandboxCommand" },
    };

    [Theory]
    [MemberData(nameof(OneOfSeveral))]
    public void An_error_about_one_thing_lets_the_others_go_on(string script, string id, int others)
    {
        EngineRun run = Run($"try {{ {script}; $? }} catch {{ throw 'ended' }}");

        Assert.Null(run.Terminating);
        Assert.Equal([id], run.Errors.Select(error => error.FullyQualifiedErrorId));
        Assert.Equal(others, run.Output.Count - 1);
        Assert.Equal(false, run.Output[^1].BaseObject);
    }

    [Theory]
    [MemberData(nameof(OneOfSeveral))]
    public void An_error_about_one_thing_is_caught_with_Stop_and_collected_with_ErrorVariable(string script, string id, int others)
    {
        EngineRun caught = Run($"try {{ $null = {script} -ErrorAction Stop; 'went on' }} catch {{ $_.FullyQualifiedErrorId }}");
        EngineRun collected = Run($"$problems = @(); $found = @({script} -ErrorAction SilentlyContinue -ErrorVariable problems); $problems; $found.Count");

        Assert.Equal([id], caught.Output.Select(text => (string)text.BaseObject));
        Assert.Equal(others, collected.AssertNoErrors().Output[^1].BaseObject);
        ErrorRecord problem = Assert.IsType<ErrorRecord>(Assert.Single(collected.Output.SkipLast(1)).BaseObject);
        Assert.Equal(id, problem.FullyQualifiedErrorId);
        Assert.NotEmpty(problem.ErrorDetails.RecommendedAction);
        Assert.NotNull(problem.TargetObject);
    }

    [Theory]
    [MemberData(nameof(NothingLeftToDo))]
    public void What_leaves_nothing_to_do_is_caught_without_Stop_and_ends_its_line_alone(string script, string id)
    {
        EngineRun caught = Run($"try {{ {script} -ErrorAction SilentlyContinue; 'went on' }} catch {{ $_.FullyQualifiedErrorId }}");
        EngineRun uncaught = Run($"{script}; $?; 'next line'");

        Assert.Equal([id], caught.Output.Select(text => (string)text.BaseObject));
        Assert.Empty(caught.Errors);
        Assert.Equal([false, "next line"], uncaught.Output.Select(value => value.BaseObject));
        Assert.Equal(id, uncaught.Errors.Single().FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("Get-GroupExportConnection")]
    [InlineData("$job | Get-ExportStatus")]
    [InlineData("$job | Save-ExportFiles $done")]
    [InlineData("Get-ExportReceipt $done")]
    [InlineData("Test-ExportFiles $done")]
    [InlineData("$job | Remove-GroupExport")]
    [InlineData("Disconnect-GroupExport")]
    public void The_dollar_question_mark_is_true_when_all_went_well(string script) =>
        Assert.True((bool)Run($"$null = {script}; $?").AssertNoErrors().Output.Single().BaseObject);

    [Fact]
    public void One_failed_removal_leaves_the_others_to_be_removed()
    {
        Run("1, $job | Remove-GroupExport");

        Assert.Equal("DELETE", Requests[^1].Properties["Method"].Value);
    }

    [Fact]
    public void A_runbook_that_stops_at_the_first_bad_file_loses_nothing()
    {
        Run("$sandbox | Stop-ExportSandbox; $sandbox = Start-ExportSandbox -Authorization None -PatientCount 3 -ExportDuration 0 -RetryAfter 0 -Fault BrokenJson; $null = $sandbox | Connect-GroupExport").AssertNoErrors();

        EngineRun stopped = Run("try { $null = New-GroupExport $sandbox.GroupId | Save-ExportFiles $out -ErrorAction Stop; 'went on' } catch { $_.FullyQualifiedErrorId }");
        Assert.Equal(["InvalidFile,GroupExport.Commands.SaveExportFilesCommand"], stopped.Output.Select(text => (string)text.BaseObject));

        Run("Get-ExportReceipt $out | Save-ExportFiles -RetryInvalid").AssertNoErrors();
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Theory]
    [InlineData("$null | Disconnect-GroupExport")]
    [InlineData("Disconnect-GroupExport $null")]
    public void A_variable_that_was_never_set_closes_no_connection(string script)
    {
        Run(script).AssertNoErrors();

        Assert.True((bool)Run("$connection").Value("IsOpen")!);
        Assert.Equal(Run("$connection").Value("Server"), Run("Get-GroupExportConnection").Value("Server"));
    }
}
