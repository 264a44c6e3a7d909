using GroupExport.Fhir;

namespace GroupExport.Tests.Fhir;

public sealed class FhirInstantTests
{
    [Theory]
    [InlineData("2026-11-01T00:00:00Z")]
    [InlineData("2026-11-01T00:00:00.1Z")]
    [InlineData("2026-11-01T23:59:59.123456789+14:00")]
    [InlineData("2026-11-01T00:00:00-05:30")]
    [InlineData("2024-02-29T00:00:00Z")]
    [InlineData("2016-12-31T23:59:60Z")]
    public void This_is_an_instant(string text) => Assert.True(FhirInstant.IsInstant(text));

    [Theory]
    [InlineData("")]
    [InlineData("2026")]
    [InlineData("2026-11-01")]
    [InlineData("2026-11-01T00:00Z")]
    [InlineData("2026-11-01T00:00:00")]
    [InlineData("2026-11-01 00:00:00Z")]
    [InlineData("2026-11-01T00:00:00z")]
    [InlineData("2026-11-01T00:00:00Z\n")]
    [InlineData(" 2026-11-01T00:00:00Z")]
    [InlineData("2026-11-01T24:00:00Z")]
    [InlineData("2026-11-31T00:00:00Z")]
    [InlineData("2025-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-11-01T00:00:00+15:00")]
    [InlineData("2026-11-01T00:00:00+0100")]
    [InlineData("2026-11-01T00:00:00.Z")]
    [InlineData("11/12/2026")]
    [InlineData("٢٠٢٦-11-01T00:00:00Z")]
    public void This_is_none(string text) => Assert.False(FhirInstant.IsInstant(text));

    [Fact]
    public void A_time_is_written_in_UTC_with_the_fraction_it_has()
    {
        Assert.Equal("2026-11-01T00:00:00Z", FhirInstant.From(new DateTimeOffset(2026, 11, 1, 2, 0, 0, TimeSpan.FromHours(2))));
        Assert.Equal("2026-11-01T00:00:00.25Z", FhirInstant.From(new DateTimeOffset(2026, 11, 1, 0, 0, 0, 250, TimeSpan.Zero)));
        Assert.True(FhirInstant.IsInstant(FhirInstant.Example));
        Assert.True(FhirInstant.IsInstant(FhirInstant.From(DateTimeOffset.MaxValue)));
    }
}
