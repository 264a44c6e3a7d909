using GroupExport.Sandbox;
using GroupExport.Sandbox.Faults;

namespace GroupExport.Tests.Sandbox;

public sealed class FaultPlanTests
{
    [Theory]
    [InlineData("TruncatedFile", 1)]
    [InlineData("truncatedfile=3", 3)]
    [InlineData("TruncatedFile:2", 2)]
    [InlineData(" TruncatedFile = 2 ", 2)]
    public void A_fault_fires_as_often_as_was_said_and_is_counted(string text, int times)
    {
        var plan = FaultPlan.Parse([text]);
        Assert.Equal(0, plan.Counts["TruncatedFile"]);
        Assert.Equal(times, Enumerable.Range(0, 10).Count(_ => plan.Fires(SandboxFault.TruncatedFile)));
        Assert.Equal(times, plan.Counts["TruncatedFile"]);
        Assert.False(plan.Fires(SandboxFault.StalledFile));
        Assert.Single(plan.Counts);
    }

    [Fact]
    public void A_fault_can_fire_for_ever()
    {
        var plan = FaultPlan.Parse(["FileUnavailable=all"]);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(plan.Fires(SandboxFault.FileUnavailable)));
    }

    [Fact]
    public void A_fault_fires_exactly_so_often_under_many_requests_at_once()
    {
        var plan = FaultPlan.Parse(["FileUnavailable=100"]);
        Assert.Equal(100, Enumerable.Range(0, 10_000).AsParallel().Count(_ => plan.Fires(SandboxFault.FileUnavailable)));
    }

    [Theory]
    [InlineData("Nonsense")]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("TruncatedFile, StalledFile")]
    [InlineData("TruncatedFile=0")]
    [InlineData("TruncatedFile=-1")]
    [InlineData("TruncatedFile=often")]
    [InlineData("TruncatedFile=")]
    public void A_fault_that_makes_no_sense_keeps_the_sandbox_from_starting(string text) =>
        Assert.Contains("fault", Assert.Throws<SandboxException>(() => ExportSandbox.Start(PracticeClient.Fast with { Faults = [text] })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_fault_that_stands_twice_keeps_the_sandbox_from_starting() =>
        Assert.Throws<SandboxException>(() => ExportSandbox.Start(PracticeClient.Fast with { Faults = ["StalledFile", "stalledfile=2"] }));

    [Fact]
    public async Task The_sandbox_tells_how_often_each_fault_has_fired()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { Faults = ["KickOffUnavailable=2", "StalledFile"] });
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var answer = await client.FhirGet();
        }

        Assert.Equal(new Dictionary<string, int> { ["KickOffUnavailable"] = 2, ["StalledFile"] = 0 }, client.Sandbox.FaultCounts);
    }
}
