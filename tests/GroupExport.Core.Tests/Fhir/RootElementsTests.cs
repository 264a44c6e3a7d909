using GroupExport.Fhir;
using Hl7.Fhir.Model;

namespace GroupExport.Tests.Fhir;

public sealed class RootElementsTests
{
    [Fact]
    public void The_table_is_that_of_the_FHIR_SDK()
    {
        string expected = string.Concat(ResourceTypes.All.Order(StringComparer.Ordinal)
            .Select(type => $"{string.Join(' ', [type, .. OfSdk(type).Except(Inherited)])}\n"));
        SdkTable.AssertIs("root-elements.txt", expected);
    }

    [Fact]
    public void Each_type_has_all_that_the_SDK_knows_of_it_and_no_more() =>
        Assert.All(ResourceTypes.All, type => Assert.Equal(OfSdk(type).Order(StringComparer.Ordinal), RootElements.Of(type).Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("Patient", "birthDate", true)]
    [InlineData("Patient", "deceased", true)]
    [InlineData("Patient", "deceasedBoolean", false)]
    [InlineData("Observation", "value", true)]
    [InlineData("Observation", "extension", true)]
    [InlineData("Bundle", "extension", false)]
    [InlineData("Pateint", "birthDate", false)]
    [InlineData("Pateint", "id", true)]
    public void A_type_has_its_own_elements_and_the_inherited(string type, string element, bool has) =>
        Assert.Equal(has, RootElements.Of(type).Contains(element));

    private static IEnumerable<string> Inherited => OfSdk("Basic").Take(OfSdk("Basic").IndexOf("identifier"));

    private static List<string> OfSdk(string type) =>
        [.. ModelInfo.ModelInspector.FindClassMapping(type)!.PropertyMappings.OrderBy(property => property.Order).Select(property => property.Name)];
}
