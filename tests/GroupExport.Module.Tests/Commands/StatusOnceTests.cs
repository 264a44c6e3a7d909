using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Get-ExportStatus without -Wait.</summary>
public sealed class StatusOnceTests() : SandboxRunspace("-PatientCount 1 -ExportDuration 3600 -RetryAfter 7200")
{
    [Theory]
    [InlineData("", 7200.0)]
    [InlineData("-MaxRetryAfter 7200", 7200.0)]
    [InlineData("-MaxRetryAfter 7199", null)]
    [InlineData("-MaxRetryAfter 0", null)]
    public void A_Retry_After_beyond_the_longest_one_is_not_shown(string parameters, double? seconds)
    {
        Run($"$status = New-GroupExport $sandbox.GroupId | Get-ExportStatus {parameters}").AssertNoErrors();

        Assert.Equal(seconds, Run("$status").Value("RetryAfterSeconds"));
        Assert.Equal("InProgress", Run("$status").Value("State"));
        Assert.Single(Arrived, arrived => arrived.StartsWith("GET", StringComparison.Ordinal) && !arrived.Contains("metadata", StringComparison.Ordinal) && !arrived.Contains("well-known", StringComparison.Ordinal));
    }
}
