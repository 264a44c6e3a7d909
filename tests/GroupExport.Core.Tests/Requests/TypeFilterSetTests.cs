using GroupExport.Connections;
using GroupExport.Requests;

namespace GroupExport.Tests.Requests;

/// <summary>What is said of filters that may be sent, but may not do what they should.</summary>
public sealed class TypeFilterSetTests
{
    [Theory]
    [InlineData("Observation?status=final&code:in=x&_id=1&_lastUpdated=gt2026&_tag=a&_profile=b&_security=c&_source=d")]
    [InlineData("Observation?subject:Patient.birthdate=lt1950")]
    [InlineData("Patient?_has:Observation:patient:code=1")]
    [InlineData("Condition?clinical-status=active&onset-date=ge2026")]
    [InlineData("MedicationRequest?patient:missing=true")]
    [InlineData("Binary?_lastUpdated=gt2026")]
    public void Parameters_that_R4_has_draw_nothing(string filter) => Assert.Empty(TypeFilterSet.Read([filter]).UnknownParameters(ServerSearches.Unknown));

    [Theory]
    [InlineData("Observation?statuss=secret", "Observation has no search parameter 'statuss' in R4 (did you mean status?)")]
    [InlineData("Observation?Status=secret", "'Status' in R4 (did you mean status?)")]
    [InlineData("Condition?clinicalStatus:not=secret", "'clinicalStatus' in R4 (did you mean clinical-status?)")]
    [InlineData("Patient?birthDate=secret", "'birthDate' in R4 (did you mean birthdate?)")]
    [InlineData("Patient?code=secret", "Patient has no search parameter 'code' in R4")]
    [InlineData("Observation?subjct.name=secret", "'subjct' in R4 (did you mean subject?)")]
    [InlineData("Observation?_lastupdated=secret", "(did you mean _lastUpdated?)")]
    [InlineData("Patient?qqqqqqqq=secret", "'qqqqqqqq' in R4.")]
    [InlineData("Patient?sec ret=1", "of an odd name in R4.")]
    [InlineData("Patient?name=a&Patient/secret=1", "of an odd name in R4.")]
    public void One_that_R4_does_not_have_is_named_with_those_that_are_near(string filter, string said)
    {
        string caution = Assert.Single(TypeFilterSet.Read([filter]).UnknownParameters(ServerSearches.Unknown));

        Assert.Contains(said, caution, StringComparison.Ordinal);
        Assert.Contains("without saying so", caution, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", caution, StringComparison.Ordinal);
        Assert.DoesNotContain("sec ret", caution, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_is_named_once() =>
        Assert.Equal(2, TypeFilterSet.Read(["Patient?a=1&a=2", "Patient?a:exact=3", "Observation?a=1"]).UnknownParameters(ServerSearches.Unknown).Count());

    [Theory]
    [InlineData("Observation?subject.name=secret", 1)]
    [InlineData("Patient?_has:Observation:patient:code=secret", 1)]
    [InlineData("Observation?subject:Patient=secret&code:in=secret", 0)]
    [InlineData("Observation?code=http://secret.example|1.2", 0)]
    public void Looking_through_references_is_remarked_as_experimental(string filter, int remarks)
    {
        string[] said = [.. TypeFilterSet.Read([filter]).Remarks];

        Assert.Equal(remarks, said.Length);
        Assert.All(said, remark => Assert.DoesNotContain("secret", remark, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Patient Observation", null)]
    [InlineData("", null)]
    [InlineData("Patient", "Observation")]
    [InlineData("Encounter", "Patient, Observation")]
    public void A_filter_of_a_type_that_is_not_exported_has_no_effect(string types, string? named)
    {
        TypeFilterSet filters = TypeFilterSet.Read(["Patient?gender=female", "Observation?status=secret", "Observation?code=secret"]);

        string? said = filters.Idle([Request(types), Request("Patient Observation Condition")]);

        Assert.Equal(named is not null, said is not null);
        Assert.StartsWith($"There are filters of {named}", said ?? $"There are filters of {named}", StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_of_two_equal_filters_is_not_sent() =>
        Assert.Equal(["Patient?gender=female", "Patient?gender=male"], TypeFilterSet.Read(["Patient?gender=female", "patient?gender=female", "Patient?gender=male"]).Texts);

    [Fact]
    public void A_bad_one_among_several_is_named_by_its_place() =>
        Assert.Contains("filter 2", Assert.Throws<ExportException>(() => TypeFilterSet.Read(["Patient?gender=female", "Patient"])).Message, StringComparison.Ordinal);

    private static ExportRequest Request(string types) => new() { GroupId = "g", Types = types.Split(' ', StringSplitOptions.RemoveEmptyEntries) };
}
