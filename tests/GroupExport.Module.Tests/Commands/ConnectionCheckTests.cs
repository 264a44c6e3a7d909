using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Test-GroupExportConnection as a runbook uses it.</summary>
public sealed class ConnectionCheckTests : SandboxRunspace
{
    [Fact]
    public void The_connection_of_the_runspace_is_looked_at()
    {
        EngineRun run = Run("Test-GroupExportConnection -GroupId $sandbox.GroupId").AssertNoErrors();

        Assert.Equal(["Server", "Clock", "Key", "Discovery", "Token", "Scope", "Export", "Group"], run.Output.Select(check => check.Properties["Name"].Value));
        Assert.All(run.Output, check => Assert.True((bool)check.Properties["Passed"].Value, check.ToString()));
    }

    [Fact]
    public void A_failed_check_is_an_object_and_no_error()
    {
        EngineRun run = Run("$ErrorActionPreference = 'Stop'; Test-GroupExportConnection -GroupId none | Where-Object { -not $_.Passed }").AssertNoErrors();

        PSObject failed = Assert.Single(run.Output);
        Assert.Equal("Group", failed.Properties["Name"].Value);
        Assert.Contains("no group none", (string)failed.Properties["Detail"].Value);
    }

    [Theory]
    [InlineData("$sandbox.GroupId", true)]
    [InlineData("'none'", false)]
    public void Quiet_gives_one_truth(string group, bool passed) =>
        Assert.Equal(passed, Assert.Single(Run($"Test-GroupExportConnection -Quiet -GroupId {group}").AssertNoErrors().Output).BaseObject);

    [Theory]
    [InlineData("Disconnect-GroupExport; Test-GroupExportConnection -Quiet")]
    [InlineData("Test-GroupExportConnection -Quiet -GroupId 'a/b'")]
    [InlineData("@() | Test-GroupExportConnection -Quiet")]
    public void Quiet_never_calls_good_what_was_not_looked_at(string script) =>
        Assert.Equal(false, Assert.Single(Run(script).Output).BaseObject);

    [Fact]
    public void Several_connections_come_by_the_pipeline()
    {
        EngineRun run = Run("$sandbox, $sandbox | Connect-GroupExport | Test-GroupExportConnection").AssertNoErrors();

        Assert.Equal(14, run.Output.Count);
    }

    [Theory]
    [InlineData("Disconnect-GroupExport; Test-GroupExportConnection", "NoConnection")]
    [InlineData("Test-GroupExportConnection -GroupId 'a/b'", "InvalidGroupId")]
    [InlineData("Test-GroupExportConnection -GroupId ''", "InvalidGroupId")]
    public void What_cannot_be_looked_at_is_an_error(string script, string id) =>
        Assert.Equal($"{id},GroupExport.Commands.TestGroupExportConnectionCommand", Run(script).Error.FullyQualifiedErrorId);
}
