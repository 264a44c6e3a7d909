using System.Net;
using System.Text.Json;

namespace GroupExport.Tests.Sandbox;

public sealed class FhirKickOffTests : IDisposable
{
    private readonly PracticeClient _client = new();

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("_outputFormat=application/fhir+ndjson", "_outputFormat")]
    [InlineData("_outputFormat=text/csv", "_outputFormat")]
    [InlineData("_outputFormat=ndjson&_outputFormat=ndjson", "_outputFormat")]
    [InlineData("_since=2026-01-01", "_since")]
    [InlineData("_since=2026-01-01T00:00Z", "_since")]
    [InlineData("_since=2026-01-01T00:00:00+02:00", "_since")]
    [InlineData("_since=2026-13-01T00:00:00Z", "_since")]
    [InlineData("_until=now", "_until")]
    [InlineData("_type=patient", "_type")]
    [InlineData("_type=Patient&_type=Observatoin", "_type")]
    [InlineData("_type=", "_type")]
    [InlineData("type=Patient", "type")]
    [InlineData("_patient=Patient/patient-0001", "_patient")]
    [InlineData("patient=Patient/patient-0001", "patient")]
    [InlineData("_elements=Patient.name.family", "_elements")]
    [InlineData("_typeFilter=Condition?_sort=date", "_typeFilter")]
    [InlineData("_typeFilter=Conditoin?code=1", "_typeFilter")]
    [InlineData("_typeFilter=Condition%3Fonset-date%3Dsoon", "_typeFilter")]
    [InlineData("_typeFilter=Observation%3Fissued%3D2026", "_typeFilter")]
    [InlineData("organizeOutputBy=Patient", "organizeOutputBy")]
    [InlineData("includeAssociatedData=_", "includeAssociatedData")]
    [InlineData("allowPartialManifests=yes", "allowPartialManifests")]
    public async Task A_bad_query_is_refused_by_name(string query, string named)
    {
        using var answer = await _client.FhirGet(query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var issue = await Outcomes.SingleIssue(answer);
        Assert.Contains(named, issue.GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
        Assert.Equal(named, issue.GetProperty("expression")[0].GetString());
    }

    [Theory]
    [InlineData("""{"name":"_since","valueString":"2026-01-01T00:00:00Z"}""", "_since")]
    [InlineData("""{"name":"_since","valueInstant":"2026-01-01"}""", "_since")]
    [InlineData("""{"name":"_until","valueDateTime":"2026-01-01T00:00:00Z"}""", "_until")]
    [InlineData("""{"name":"_type","valueCode":"Patient"}""", "_type")]
    [InlineData("""{"name":"_type","valueString":5}""", "_type")]
    [InlineData("""{"name":"_type"}""", "_type")]
    [InlineData("""{"name":"_type","valueString":"Patient","valueCode":"Patient"}""", "_type")]
    [InlineData("""{"name":"patient","valueString":"Patient/patient-0001"}""", "patient")]
    [InlineData("""{"name":"patient","valueReference":{"display":"x"}}""", "patient")]
    [InlineData("""{"name":"patient","valueReference":{"reference":"Patient/patient-0001,Patient/patient-0002"}}""", "patient")]
    [InlineData("""{"name":"allowPartialManifests","valueString":"true"}""", "allowPartialManifests")]
    [InlineData("""{"name":"Type","valueString":"Patient"}""", "Type")]
    [InlineData("""{"name":"includeAssociatedData","valueCode":"Some"}""", "includeAssociatedData")]
    [InlineData("""{"valueString":"Patient"}""", "parameter[0].name")]
    [InlineData("\"_type\"", "parameter[0]")]
    public async Task A_bad_parameter_is_refused_by_name(string parameter, string named)
    {
        using var answer = await _client.FhirPost($$"""{"resourceType":"Parameters","parameter":[{{parameter}}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var issue = await Outcomes.SingleIssue(answer);
        Assert.Contains(named, issue.GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"parameter":[]}""", "resourceType")]
    [InlineData("""{"resourceType":"Parameters","parameter":[]}""", "parameter")]
    [InlineData("""{"resourceType":"Parameters","parameters":[{"name":"_type","valueString":"Patient"}]}""", "parameters")]
    [InlineData("""{"resourceType":"Bundle"}""", "resourceType")]
    [InlineData("<Parameters/>", "body")]
    public async Task A_body_that_is_no_Parameters_resource_is_refused(string body, string named)
    {
        using var answer = await _client.FhirPost(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(named, (await Outcomes.SingleIssue(answer)).GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accept", "application/json")]
    [InlineData("Accept", "application/fhir+json, */*")]
    [InlineData("Accept", null)]
    [InlineData("Prefer", null)]
    [InlineData("Prefer", "handling=lenient")]
    public async Task Kick_off_headers_are_demanded(string header, string? value)
    {
        using var request = PracticeClient.KickOff(HttpMethod.Get, _client.FhirExport);
        request.Headers.Remove(header);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var answer = await _client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(header, (await Outcomes.SingleIssue(answer)).GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/fhir%2Bndjson")]
    [InlineData("application%2Fndjson")]
    [InlineData("ndjson")]
    public async Task The_three_spellings_of_NDJSON_are_accepted(string format)
    {
        using var answer = await _client.FhirGet("_outputFormat=" + format);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task Preferences_may_stand_together()
    {
        using var request = PracticeClient.KickOff(HttpMethod.Get, _client.FhirExport);
        request.Headers.Remove("Prefer");
        request.Headers.Add("Prefer", "handling=lenient, respond-async");
        using var answer = await _client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    [Fact]
    public async Task Several_things_that_are_wrong_are_named_together()
    {
        using var answer = await _client.FhirGet("_since=x&_type=y&z=1");
        Assert.Equal(3, (await Outcomes.Issues(answer)).Count);
    }

    [Fact]
    public async Task An_unknown_group_is_not_found()
    {
        using var answer = await _client.Http.SendAsync(PracticeClient.KickOff(HttpMethod.Get, $"{_client.Sandbox.FhirBaseUri}/Group/nobody/$export"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("not-found", (await Outcomes.SingleIssue(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_Parameters_resource_restricts_the_export()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { SpecVersion = 3 });
        var manifest = await client.Finish(await client.FhirPost("""
            {"resourceType":"Parameters","parameter":[
             {"name":"_type","valueString":"Patient"},{"name":"_type","valueString":"Condition,Encounter"},
             {"name":"patient","valueReference":{"reference":"Patient/patient-0002"}},{"name":"patient","valueReference":{"reference":"Patient/patient-0003"}},
             {"name":"_since","valueInstant":"2020-01-01T00:00:00+01:00"},{"name":"allowPartialManifests","valueBoolean":false},
             {"name":"includeAssociatedData","valueCoding":{"code":"LatestProvenanceResources"}},{"name":"includeAssociatedData","valueCode":"_x"}]}
            """));
        Assert.Equal(["Condition", "Encounter", "Patient"], manifest.Output.Select(file => file.Type));
        Assert.Equal(2, manifest.Output[2].Count);
    }

    [Fact]
    public async Task A_post_without_body_exports_everything()
    {
        var everything = await _client.Export("");
        var posted = await _client.Finish(await _client.Http.SendAsync(PracticeClient.KickOff(HttpMethod.Post, _client.FhirExport)));
        Assert.Equal(everything.Output.Select(file => (file.Type, file.Count)), posted.Output.Select(file => (file.Type, file.Count)));
    }

    [Fact]
    public async Task The_manifest_has_the_shape_of_version_2()
    {
        using var kickOff = await _client.FhirGet("_type=Patient");
        Assert.Equal("informational", (await Outcomes.Issues(kickOff))[0].GetProperty("code").GetString());
        var manifest = await _client.Finish(kickOff);
        Assert.Equal(
            ["transactionTime", "request", "requiresAccessToken", "output", "deleted", "error"],
            manifest.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.False, manifest.Json.GetProperty("requiresAccessToken").ValueKind);
        Assert.Equal(_client.FhirExport + "?_type=Patient", manifest.Json.GetProperty("request").GetString());
        Assert.EndsWith("Z", manifest.Json.GetProperty("transactionTime").GetString(), StringComparison.Ordinal);
        using var answer = await _client.Http.GetAsync(manifest.Status);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(answer.Content.Headers.Expires);
    }

    [Fact]
    public async Task A_filter_that_nothing_passes_gives_an_empty_output()
    {
        var manifest = await _client.Export("_since=2099-01-01T00:00:00Z");
        Assert.Equal("[]", manifest.Json.GetProperty("output").GetRawText());
    }
}
