using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Which practice servers Stop-ExportSandbox stops.</summary>
public sealed class SandboxStopTests : SandboxRunspace
{
    [Theory]
    [InlineData("$nothing | Stop-ExportSandbox")]
    [InlineData("@() | Stop-ExportSandbox")]
    [InlineData("Stop-ExportSandbox $nothing")]
    public void Nothing_named_stops_nothing(string script)
    {
        Run(script);

        Run("New-GroupExport $sandbox.GroupId").AssertNoErrors();
    }

    [Fact]
    public void Without_a_name_it_stops_those_of_its_own_runspace_and_no_others()
    {
        using EngineRunspace other = new();
        object theirs = other.Run("$sandbox = Start-ExportSandbox -PatientCount 1; $sandbox").AssertNoErrors().Output[0];

        Run("Stop-ExportSandbox").AssertNoErrors();

        Assert.Equal("TokenEndpointUnreachable", Run("New-GroupExport $sandbox.GroupId").Error.FullyQualifiedErrorId.Split(',')[0]);
        other.Run("$null = $sandbox | Connect-GroupExport; New-GroupExport $sandbox.GroupId").AssertNoErrors();
        Run("$theirs | Stop-ExportSandbox", ("theirs", theirs)).AssertNoErrors();
        Assert.NotEmpty(other.Run("New-GroupExport $sandbox.GroupId").AllErrors);
    }
}
