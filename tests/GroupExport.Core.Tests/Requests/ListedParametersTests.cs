using System.Text;
using GroupExport.Connections;
using GroupExport.Requests;

namespace GroupExport.Tests.Requests;

/// <summary>Filters are held to the search parameters that the server lists, where it lists any (Bulk Data Access 3 and 4, "Data Provider Capability Documentation").</summary>
public sealed class ListedParametersTests
{
    [Theory]
    [InlineData("Observation?status=final&code:in=x")]
    [InlineData("Observation?mood=1")]
    [InlineData("Observation?_id=1&_lastUpdated=gt2026&_tag=a&_has:Provenance:target:agent=1")]
    [InlineData("Observation?everywhere=1")]
    [InlineData("Patient?gender=female")]
    [InlineData("Condition?clinical-status=active")]
    public void What_is_listed_or_common_to_all_draws_nothing_and_a_type_without_a_list_is_held_to_R4(string filter) => Assert.Empty(Said(filter));

    [Theory]
    [InlineData("Observation?date=ge2026-01-01", "does not list 'date' among its search parameters of Observation.")]
    [InlineData("Observation?statuss=secret", "'statuss' among its search parameters of Observation (did you mean status?)")]
    [InlineData("Observation?moot:not=secret", "(did you mean mood?)")]
    [InlineData("Observation?sec ret=1", "of an odd name among its search parameters of Observation.")]
    [InlineData("Patient?birthDate=secret", "in R4 (did you mean birthdate?)")]
    [InlineData("Condition?everywhere=secret", "in R4.")]
    public void What_is_not_listed_is_named_once_with_those_that_are_near(string filter, string said)
    {
        string caution = Assert.Single(Said(filter));

        Assert.Contains(said, caution, StringComparison.Ordinal);
        Assert.Contains("without saying so", caution, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", caution, StringComparison.Ordinal);
        Assert.DoesNotContain("sec ret", caution, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export", true)]
    [InlineData("http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data|4.0.0", true)]
    [InlineData("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export", false)]
    public void What_the_server_has_but_not_in_exports_is_named(string canonical, bool isNamed)
    {
        string mark = $$"""{"url":"http://hl7.org/fhir/uv/bulkdata/Extension/operation-not-supported","valueCanonical":"{{canonical}}"}""";
        ServerSearches searches = Listed($$"""[{"type":"Observation","searchParam":[{"name":"code","extension":[{{mark}}]},{"name":"status"}]},{"type":"Binary","extension":[{{mark}}]}]""");
        TypeFilterSet filters = TypeFilterSet.Read(["Observation?code=secret&status=final"]);

        string[] said = [.. filters.UnknownParameters(searches)];
        string? types = filters.NotExported([new ExportRequest { GroupId = "g", Types = ["Binary", "Observation"] }], searches);

        Assert.Equal(isNamed, said.Length == 1);
        Assert.All(said, caution => Assert.Contains("Observation by 'code', but not in exports", caution, StringComparison.Ordinal));
        Assert.Equal(isNamed, types is not null);
        Assert.StartsWith("The server says that it has Binary,", types ?? "The server says that it has Binary,", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"type":"Observation","searchParam":"code"}]""")]
    [InlineData("""[{"type":"Observation","searchParam":[1,{"name":2},{},{"name":""}]}]""")]
    [InlineData("""[{"type":7,"searchParam":[{"name":"code"}]},"Observation"]""")]
    [InlineData("""[]""")]
    [InlineData("""{}""")]
    public void A_statement_of_another_form_lists_nothing(string resources) => Assert.Null(Listed(resources).Of("Observation"));

    [Fact]
    public void A_name_that_is_none_is_not_repeated_to_the_user()
    {
        ServerSearches searches = Listed("""[{"type":"Observation","searchParam":[{"name":"statuß"},{"name":"code"}]}]""");

        Assert.DoesNotContain("statuß", Assert.Single(TypeFilterSet.Read(["Observation?status=final"]).UnknownParameters(searches)), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Said(string filter) => TypeFilterSet.Read([filter]).UnknownParameters(Listed(
        """[{"type":"Observation","searchParam":[{"name":"status"},{"name":"code"},{"name":"mood"}]},{"type":"Patient","searchParam":[]},{"type":"Condition"}]"""));

    private static ServerSearches Listed(string resources) => CapabilityStatement.Read(Encoding.UTF8.GetBytes(
        $$"""{"resourceType":"CapabilityStatement","rest":[{"resource":{{resources}},"searchParam":[{"name":"everywhere"}]}]}"""))!.Searches;
}
