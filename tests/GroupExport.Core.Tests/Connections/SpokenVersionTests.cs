using System.Text;
using GroupExport.Connections;

namespace GroupExport.Tests.Connections;

/// <summary>What follows from a CapabilityStatement for the requests to its server. The statements are as servers in the field make them.</summary>
public sealed class SpokenVersionTests
{
    private const string Definition = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export";
    private const string Guide = "http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data";

    [Theory]
    [InlineData("|1.0.0", 2)]
    [InlineData("|2.0.0", 2)]
    [InlineData("|3.0.0", 3)]
    [InlineData("|3", 3)]
    [InlineData("|v3.0.1", 3)]
    [InlineData("|4.0.0-ballot", 4)]
    [InlineData("|5.0.0", 4)]
    [InlineData("", 2)]
    [InlineData("|", 2)]
    [InlineData("|current", 2)]
    public void The_definition_of_the_operation_tells_the_version(string version, int expected) =>
        Assert.Equal((expected, "export"), Of(Group(Operation("export", Definition + version))));

    [Theory]
    [InlineData("instantiates", $"{Guide}|3.0.0", 3)]
    [InlineData("instantiates", "http://hl7.org/fhir/uv/bulkdata|4.0.0", 4)]
    [InlineData("implementationGuide", "http://hl7.org/fhir/uv/bulkdata/ImplementationGuide/hl7.fhir.uv.bulkdata|3.0.0", 3)]
    [InlineData("instantiates", Guide, 2)]
    [InlineData("instantiates", "http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server|4.0.0", 2)]
    public void Else_the_guide_that_the_server_follows_does(string element, string canonical, int expected)
    {
        Assert.Equal((expected, "export"), Of(Group(Operation("export", Definition)), $"\"{element}\":[\"{canonical}\"],"));
        Assert.Equal((expected, "export"), Of("", $"\"{element}\":[\"{canonical}\"],"));
    }

    [Fact]
    public void Of_several_versions_of_the_guide_the_newest_counts() =>
        Assert.Equal((3, "export"), Of(Group(Operation("export", Definition)), $"\"instantiates\":[\"{Guide}|3.0.0\",\"{Guide}|2.0.0\"],"));

    [Theory]
    [InlineData("export")]
    [InlineData("$export")]
    [InlineData("group-export")]
    [InlineData("GroupLevelExport")]
    [InlineData("")]
    [InlineData("export/../Patient")]
    public void A_name_that_is_none_for_the_URL_leaves_it_as_the_standard_writes_it(string name) =>
        Assert.Equal((3, "export"), Of(Group(Operation(name, $"{Definition}|3.0.0"))));

    [Theory]
    [InlineData("export-v4")]
    [InlineData("$export-v4")]
    public void An_operation_of_its_own_name_is_where_requests_go(string name) =>
        Assert.Equal((4, "export-v4"), Of(Group(Operation(name, $"{Definition}|4.0.0"))));

    [Theory]
    [InlineData(null, 3, "export")]
    [InlineData(4, 4, "export-v4")]
    public void On_a_server_of_several_versions_the_plain_name_is_taken_unless_another_version_is_asked_for(int? asked, int version, string operation)
    {
        string both = $"{Operation("export-v4", $"{Definition}|4.0.0")},{Operation("export", $"{Definition}|3.0.0")}";

        Assert.Equal((version, operation), Of(Group(both), asked: asked));
    }

    [Fact]
    public void The_guide_of_an_operation_of_another_name_is_not_the_plain_one_s()
    {
        string both = $"{Operation("export-v4", $"{Definition}|4.0.0")},{Operation("export", Definition)}";

        Assert.Equal((2, "export"), Of(Group(both), $"\"instantiates\":[\"{Guide}|4.0.0\",\"{Guide}|2.0.0\"],"));
    }

    [Fact]
    public void A_version_that_is_asked_for_stands_whatever_the_server_names() =>
        Assert.Equal((4, "export"), Of(Group(Operation("export", $"{Definition}|2.0.0")), asked: 4));

    [Theory]
    [InlineData("export", "https://hapi.example.org/fhir/OperationDefinition/Group-i-export", true)]
    [InlineData("everything", "http://hl7.org/fhir/OperationDefinition/Group-everything", false)]
    [InlineData("export-v4", "https://vendor.example/OperationDefinition/billing-export", false)]
    public void Only_an_export_counts_as_one(string name, string definition, bool isExport)
    {
        Assert.Equal(isExport, Statement(Group(Operation(name, definition))).HasGroupExport);
        Assert.Equal((2, "export"), Of(Group(Operation(name, definition))));
    }

    [Fact]
    public void An_operation_that_stands_beside_the_resources_counts_by_its_definition()
    {
        string rest = $$"""{"operation":[{{Operation("export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export|2.0.0")}},{{Operation("export", $"{Definition}|3.0.0")}}]}""";

        Assert.Equal((3, "export"), Of(rest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"resourceType":"OperationOutcome"}""")]
    [InlineData("""{"resourceType":"CapabilityStatement","rest":[""")]
    public void What_is_no_statement_is_none(string text) => Assert.Null(CapabilityStatement.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("""{"resourceType":"CapabilityStatement"}""")]
    [InlineData("""{"resourceType":"CapabilityStatement","rest":{},"instantiates":"x","implementationGuide":[1,null]}""")]
    [InlineData("""{"resourceType":"CapabilityStatement","rest":[null,1,{"resource":[{"type":1},{"type":"Group","operation":[null,{"name":1,"definition":{}}]}]}]}""")]
    public void One_that_is_odd_names_nothing(string text)
    {
        CapabilityStatement statement = CapabilityStatement.Read(Encoding.UTF8.GetBytes(text))!;

        Assert.False(statement.HasGroupExport);
        Assert.Equal((2, "export"), Spoken(statement, null));
    }

    [Fact]
    public void A_byte_order_mark_is_read_over() =>
        Assert.NotNull(CapabilityStatement.Read(Encoding.UTF8.GetBytes("\uFEFF{\"resourceType\":\"CapabilityStatement\"}")));

    private static (int SpecVersion, string Operation) Of(string rest, string more = "", int? asked = null) => Spoken(Statement(rest, more), asked);

    private static (int SpecVersion, string Operation) Spoken(CapabilityStatement statement, int? asked)
    {
        SpokenVersion spoken = SpokenVersion.Of(statement, asked);
        return (spoken.SpecVersion, spoken.Operation);
    }

    private static CapabilityStatement Statement(string rest, string more = "") =>
        CapabilityStatement.Read(Encoding.UTF8.GetBytes($$"""{"resourceType":"CapabilityStatement",{{more}}"rest":[{{rest}}]}"""))!;

    private static string Group(string operations) => $$"""{"resource":[{"type":"Patient"},{"type":"Group","operation":[{{operations}}]}]}""";

    private static string Operation(string name, string definition) => $$"""{"name":"{{name}}","definition":"{{definition}}"}""";
}
