using GroupExport.Authorization;

namespace GroupExport.Tests.Authorization;

/// <summary>Whether a granted scope covers one that was asked for, in both spellings.</summary>
public sealed class SmartScopeTests
{
    [Theory]
    [InlineData("system/*.read", "system/*.rs", "")]
    [InlineData("system/*.rs", "system/*.read", "")]
    [InlineData("system/Patient.rs", "system/*.rs", "")]
    [InlineData("system/Patient.rs", "system/*.cruds", "")]
    [InlineData("system/Patient.rs", "system/Patient.r system/Patient.s", "")]
    [InlineData("system/*.rs", "system/Patient.rs system/Group.rs", "system/*.rs")]
    [InlineData("system/Patient.rs", "user/Patient.rs", "system/Patient.rs")]
    [InlineData("system/Patient.rs", "system/Patient.write", "system/Patient.rs")]
    [InlineData("system/Patient.rs system/Observation.rs", "system/Patient.rs", "system/Observation.rs")]
    [InlineData("offline_access system/*.rs", "system/*.*", "offline_access")]
    [InlineData("offline_access", "system/*.*", "offline_access")]
    [InlineData("system/*.rs", "", "system/*.rs")]
    public void What_is_not_covered_is_missing(string asked, string granted, string missing) =>
        Assert.Equal(missing, string.Join(' ', SmartScope.Missing(asked, granted)));
}
