using GroupExport.Fhir;
using Hl7.Fhir.Model;
using Hl7.Fhir.Utility;

namespace GroupExport.Tests.Fhir;

public sealed class SearchParametersTests
{
    [Fact]
    public void The_table_is_that_of_the_FHIR_SDK()
    {
        string expected = string.Concat(ModelInfo.SearchParameters
            .Where(parameter => ResourceTypes.All.Contains(parameter.Resource) && !IsCommon(parameter.Name!))
            .GroupBy(parameter => parameter.Resource!)
            .OrderBy(type => type.Key, StringComparer.Ordinal)
            .Select(type => string.Join(' ', [type.Key, .. type.OrderBy(parameter => parameter.Name, StringComparer.Ordinal).Select(Entry).Distinct()]) + "\n"));
        SdkTable.AssertIs("search-parameters.txt", expected);
    }

    [Fact]
    public void What_the_SDK_knows_of_all_types_is_known_of_each()
    {
        IEnumerable<string> common = ModelInfo.SearchParameters.Select(parameter => parameter.Name!).Where(IsCommon).Distinct();

        Assert.Subset(SearchParameters.Common.ToHashSet(), common.ToHashSet());
        Assert.All(ResourceTypes.All, type => Assert.Subset(SearchParameters.Of(type).ToHashSet(), SearchParameters.Common.ToHashSet()));
    }

    [Theory]
    [InlineData("Observation", "code", true)]
    [InlineData("Observation", "component-value-quantity", true)]
    [InlineData("Observation", "date", true)]
    [InlineData("Condition", "clinical-status", true)]
    [InlineData("Patient", "birthdate", true)]
    [InlineData("Patient", "_id", true)]
    [InlineData("Binary", "_lastUpdated", true)]
    [InlineData("Patient", "code", false)]
    [InlineData("Observation", "Code", false)]
    [InlineData("Pateint", "birthdate", false)]
    public void A_type_has_its_own_parameters_and_those_of_all(string type, string parameter, bool has) =>
        Assert.Equal(has, SearchParameters.Of(type).Contains(parameter));

    [Theory]
    [InlineData("Observation", "date", "date")]
    [InlineData("Observation", "code", "token")]
    [InlineData("Observation", "code-value-quantity", "composite")]
    [InlineData("Patient", "general-practitioner", "reference")]
    [InlineData("Observation", "_id", null)]
    [InlineData("Pateint", "name", null)]
    public void A_parameter_of_a_type_has_a_kind(string type, string parameter, string? kind) =>
        Assert.Equal(kind, SearchParameters.KindOf(type, parameter));

    private static string Entry(SearchParamDefinition parameter) => $"{parameter.Name}:{EnumUtility.GetLiteral(parameter.Type)}";

    private static bool IsCommon(string name) => name.StartsWith('_');
}
