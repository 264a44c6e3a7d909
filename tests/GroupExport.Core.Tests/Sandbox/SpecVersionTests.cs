using System.Net;
using System.Text.Json;

namespace GroupExport.Tests.Sandbox;

/// <summary>What differs between versions 2, 3 and 4 of the standard, but for partial manifests, organized output and the separate status.</summary>
public sealed class SpecVersionTests
{
    private const string PatientAndObservation = """{"name":"_type","valueString":"Patient,Observation"}""";

    [Theory]
    [InlineData(2, "2.0.0")]
    [InlineData(3, "3.0.0")]
    [InlineData(4, "4.0.0-ballot")]
    public async Task The_version_stands_in_the_capability_statement(int version, string name)
    {
        using var client = Client(version);
        var statement = JsonDocument.Parse(await client.Http.GetStringAsync(client.Sandbox.FhirBaseUri + "/metadata")).RootElement;
        Assert.Equal("http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data|" + name, statement.GetProperty("instantiates")[0].GetString());
        var group = statement.GetProperty("rest")[0].GetProperty("resource").EnumerateArray().Single(resource => resource.GetProperty("type").GetString() == "Group");
        Assert.Equal("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export|" + name, group.GetProperty("operation")[0].GetProperty("definition").GetString());
        Assert.Equal(version, client.Sandbox.SpecVersion);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_version_leaves_the_Redox_base_alone(int version)
    {
        using var client = Client(version);
        var statement = await client.Http.GetStringAsync(client.RedoxBase + "/metadata");
        Assert.DoesNotContain("|", statement, StringComparison.Ordinal);
        var manifest = await client.Finish(await client.Redox(PracticeClient.RedoxBody().ToJsonString()));
        Assert.Equal(["Meta", "transactionTime", "request", "requiresAccessToken", "output", "deleted", "error"], Names(manifest.Json));
    }

    [Theory]
    [InlineData("_until", "\"valueInstant\":\"2026-01-01T00:00:00Z\"")]
    [InlineData("organizeOutputBy", "\"valueString\":\"Patient\"")]
    [InlineData("allowPartialManifests", "\"valueBoolean\":true")]
    public async Task Parameters_of_version_3_are_unknown_in_version_2(string name, string value)
    {
        using var second = Client(2);
        using var refused = await second.FhirParameters($$"""{"name":"{{name}}",{{value}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var issue = await Outcomes.SingleIssue(refused);
        Assert.Equal(name, issue.GetProperty("expression")[0].GetString());
        Assert.Contains("later versions", issue.GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
        foreach (var version in new[] { 3, 4 })
        {
            using var later = Client(version);
            using var accepted = await later.FhirParameters($$"""{"name":"{{name}}",{{value}}}""");
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }
    }

    [Fact]
    public async Task Version_4_takes_no_GET()
    {
        using var client = Client(4);
        using var answer = await client.FhirGet("_type=Patient");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("POST", answer.Content.Headers.Allow.Single());
        await Outcomes.SingleIssue(answer);
    }

    [Theory]
    [InlineData("_type", "\"valueString\":\"Patient,Observation\"", 4)]
    [InlineData("_elements", "\"valueString\":\"id,Patient.name\"", 4)]
    [InlineData("includeAssociatedData", "\"valueCoding\":{\"code\":\"LatestProvenanceResources,_x\"}", 4)]
    [InlineData("_typeFilter", "\"valueString\":\"Patient?gender=male,Patient?gender=female\"", 4)]
    [InlineData("_typeFilter", "\"valueString\":\"Patient?gender=male,Patient?gender=female\"", 3)]
    public async Task A_comma_list_is_refused_where_only_repeats_are_allowed(string name, string value, int version)
    {
        using var client = Client(version);
        using var answer = await client.FhirParameters($$"""{"name":"{{name}}",{{value}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"{name} holds a comma list", (await Outcomes.SingleIssue(answer)).GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_comma_inside_a_filter_stays_an_OR(int version)
    {
        using var client = Client(version);
        using var answer = await client.FhirParameters("""{"name":"_typeFilter","valueString":"Patient?gender=male,female"}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Theory]
    [InlineData(2, "valueCode", true)]
    [InlineData(3, "valueString", true)]
    [InlineData(4, "valueCode", false)]
    [InlineData(4, "valueString", false)]
    public async Task Associated_data_come_as_a_Coding_only_from_version_4_on(int version, string element, bool accepted)
    {
        using var client = Client(version);
        using var answer = await client.FhirParameters($$"""{"name":"includeAssociatedData","{{element}}":"_x"}""");
        Assert.Equal(accepted ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task The_manifest_of_version_4_has_its_own_shape()
    {
        using var client = Client(4);
        var manifest = await client.Finish(await client.FhirParameters(
            """{"name":"_type","valueString":"Patient"}""", """{"name":"_since","valueInstant":"2000-01-01T00:00:00Z"}"""));
        Assert.Equal(["manifestType", "transactionTime", "requiresAccessToken", "outputFormat", "output", "deleted", "extension"], Names(manifest.Json));
        Assert.Equal(["type", "url", "count", "fileSize"], Names(manifest.Json.GetProperty("output")[0]));
        Assert.Equal(["url", "count", "fileSize"], Names(manifest.Json.GetProperty("deleted")[0]));
        Assert.Equal(JsonValueKind.Array, manifest.Json.GetProperty("extension").ValueKind);
        var bytes = await client.Http.GetByteArrayAsync(manifest.Output[0].Url);
        Assert.Equal(bytes.Length, manifest.Json.GetProperty("output")[0].GetProperty("fileSize").GetInt64());
    }

    [Fact]
    public async Task Version_4_leaves_out_what_is_empty()
    {
        using var client = Client(4);
        var manifest = await client.Finish(await client.FhirParameters("""{"name":"_type","valueString":"Procedure"}""", """{"name":"_typeFilter","valueString":"Procedure?code=none"}"""));
        Assert.Equal(["manifestType", "transactionTime", "requiresAccessToken", "outputFormat", "extension"], Names(manifest.Json));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Before_version_4_empty_arrays_stay(int version)
    {
        using var client = Client(version);
        var manifest = await client.Finish(await client.FhirParameters(PatientAndObservation));
        Assert.Equal(["transactionTime", "request", "requiresAccessToken", "output", "deleted", "error"], Names(manifest.Json));
        Assert.Equal(2, manifest.Output.Count);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private static PracticeClient Client(int version) => new(PracticeClient.Fast with { SpecVersion = version });
}
