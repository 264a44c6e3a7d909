using GroupExport.Jobs;

namespace GroupExport.Tests.Jobs;

/// <summary>Files that go away soon draw a warning.</summary>
public sealed class ExpiryTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(30)]
    [InlineData(600)]
    public void Half_an_hour_is_time_enough(int minutes) => Assert.Null(Expiry.Warning("g", s_now.UtcDateTime.AddMinutes(minutes), s_now));

    [Fact]
    public void Without_an_end_there_is_nothing_to_say() => Assert.Null(Expiry.Warning("g", expires: null, s_now));

    [Theory]
    [InlineData(29, "29 min from now")]
    [InlineData(0.5, "1 min from now")]
    [InlineData(0, "which is over")]
    [InlineData(-600, "which is over")]
    public void Less_is_told(double minutes, string words) =>
        Assert.Contains(words, Expiry.Warning("g", s_now.UtcDateTime.AddMinutes(minutes), s_now), StringComparison.Ordinal);
}
