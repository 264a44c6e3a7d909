using GroupExport.Fhir;
using Hl7.Fhir.Model;

namespace GroupExport.Tests.Fhir;

public sealed class ResourceTypesTests
{
    [Fact]
    public void All_are_those_of_the_FHIR_SDK()
    {
        Assert.Equal(ModelInfo.SupportedResources.Order(StringComparer.Ordinal), ResourceTypes.All.Order(StringComparer.Ordinal));
        Assert.Equal(ResourceTypes.All.Order(StringComparer.Ordinal), ResourceTypes.All);
    }

    [Theory]
    [InlineData("Patient", "Patient")]
    [InlineData("patient", "Patient")]
    [InlineData("OBSERVATION", "Observation")]
    [InlineData("Patients", null)]
    [InlineData(" Patient", null)]
    [InlineData("", null)]
    [InlineData("Resource", null)]
    public void A_type_is_found_whatever_its_case(string typed, string? expected) => Assert.Equal(expected, ResourceTypes.Find(typed));

    [Theory]
    [InlineData("Pateint", "Patient")]
    [InlineData("Observations", "Observation")]
    [InlineData("medicationrequst", "MedicationRequest")]
    public void A_mistyped_type_has_a_near_one(string typed, string expected) => Assert.Equal(expected, ResourceTypes.Nearest(typed)[0]);

    [Fact]
    public void Nothing_is_near_to_nonsense() => Assert.Empty(ResourceTypes.Nearest("qqqqqqqqqqqq"));
}
