using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GroupExport.Tests.Sandbox;

public sealed class RedoxKickOffTests : IDisposable
{
    private readonly PracticeClient _client = new();

    public static TheoryData<string, string, string> BadBodies => new()
    {
        // path of the field that is set, its JSON value (empty: removed), the field that the answer must name
        { "Meta", "", "Meta" },
        { "Meta", "[]", "Meta" },
        { "Meta.DataModel", "", "Meta.DataModel" },
        { "Meta.DataModel", "\"FHIR\"", "Meta.DataModel" },
        { "Meta.DataModel", "null", "Meta.DataModel" },
        { "Meta.EventType", "\"group-export-response\"", "Meta.EventType" },
        { "Meta.EventType", "1", "Meta.EventType" },
        { "Meta.EventDateTime", "\"yesterday\"", "Meta.EventDateTime" },
        { "Meta.EventDateTime", "\"2026-11-23\"", "Meta.EventDateTime" },
        { "Meta.EventDateTime", "\"2026-11-23T10:00:00+01:00\"", "Meta.EventDateTime" },
        { "Meta.Test", "\"true\"", "Meta.Test" },
        { "Meta.Source", "null", "Meta.Source" },
        { "Meta.Source", """{"ID":"7"}""", "Meta.Source.ID" },
        { "Meta.Source", """{"name":"x"}""", "Meta.Source.name" },
        { "Meta.Destinations", "", "Meta.Destinations" },
        { "Meta.Destinations", "[]", "Meta.Destinations" },
        { "Meta.Destinations", "{}", "Meta.Destinations" },
        { "Meta.Destinations", """[{"ID":"no-uuid"}]""", "Meta.Destinations[0].ID" },
        { "Meta.Destinations", """[{"Name":"a"},{"Name":5}]""", "Meta.Destinations[1].Name" },
        { "Meta.Destinations", """["x"]""", "Meta.Destinations[0]" },
        { "Meta.Logs", """[{"AttemptID":"x"}]""", "Meta.Logs[0].AttemptID" },
        { "Meta.Logs", "null", "Meta.Logs" },
        { "Meta.FacilityCode", "7", "Meta.FacilityCode" },
        { "Meta.Facility", "\"A\"", "Meta.Facility" },
        { "id", "", "id" },
        { "id", "\"another\"", "id" },
        { "Id", "\"diabetes-2026\"", "Id" },
        { "type", "\"Patient\"", "type" },
        { "_type", """["Patient"]""", "_type" },
        { "_type", "\"Patient,Observatoin\"", "_type" },
        { "_type", "\"Patient, Observation\"", "_type" },
        { "_type", "\"\"", "_type" },
        { "patient", """["Patient/patient-0001"]""", "patient" },
        { "patient", "\"patient-0001\"", "patient" },
        { "patient", "\"Patient/nobody\"", "patient" },
        { "patient", "\"Patient/patient-0001,\"", "patient" },
        { "_since", "\"2026-01-01\"", "_since" },
        { "_since", "5", "_since" },
        { "_until", "\"2026-01-01T00:00:00\"", "_until" },
        { "_outputFormat", "\"application/json\"", "_outputFormat" },
        { "_elements", "\"Patient.name.family\"", "_elements" },
        { "_elements", "\"Patinet.name\"", "_elements" },
        { "_typeFilter", "\"Observation?colour=red\"", "_typeFilter" },
        { "_typeFilter", "\"Observation\"", "_typeFilter" },
        { "organizeOutputBy", "\"Patient\"", "organizeOutputBy" },
        { "organizeOutputBy", "\"Nothing\"", "organizeOutputBy" },
        { "includeAssociatedData", "\"Provenance\"", "includeAssociatedData" },
        { "allowPartialManifests", "\"true\"", "allowPartialManifests" },
    };

    public void Dispose() => _client.Dispose();

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_field_is_refused_by_name(string path, string value, string named)
    {
        var body = PracticeClient.RedoxBody();
        Set(body, path, value);
        using var answer = await _client.Redox(body.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var issue = await Outcomes.SingleIssue(answer);
        Assert.Contains(named, issue.GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
        Assert.Equal(named, issue.GetProperty("expression")[0].GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"Meta\":")]
    public async Task A_body_that_is_no_object_is_refused(string body)
    {
        using var answer = await _client.Redox(body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("body", (await Outcomes.Issues(answer))[0].GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_stands_twice_is_refused()
    {
        var body = PracticeClient.RedoxBody().ToJsonString();
        using var answer = await _client.Redox(body[..^1] + ",\"id\":\"diabetes-2026\"}");
        Assert.Contains("twice", (await Outcomes.SingleIssue(answer)).GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_documented_field_is_accepted_together()
    {
        const string Body = """
            {"Meta":{"DataModel":"FHIR Bulk Data Access","EventType":"group-export","EventDateTime":"2026-11-23T08:30:00.1234567Z","Test":false,
             "Source":{"ID":"7ce6f387-c33c-417d-8682-81e83628cbd9","Name":null},
             "Destinations":[{"ID":null,"Name":"a"},{"ID":"7CE6F387-c33c-417d-8682-81e83628cbd9"}],
             "Logs":[{"ID":"d9f5d293-7110-461e-a875-3beb089e79f3","AttemptID":null}],"FacilityCode":null},
             "id":"diabetes-2026","patient":"Patient/patient-0001,Patient/patient-0003","includeAssociatedData":"LatestProvenanceResources,_mine",
             "organizeOutputBy":null,"allowPartialManifests":false,"_outputFormat":"application/fhir+ndjson","_since":"2020-01-01T00:00:00Z",
             "_until":"2027-01-01T00:00:00.5+02:00","_type":"Patient,Condition","_elements":"id,Patient.name","_typeFilter":"Condition?code=a,b,Patient?gender=female,male"}
            """;
        var manifest = await _client.Finish(await _client.Redox(Body));
        Assert.Equal(["Patient"], manifest.Output.Select(file => file.Type));
        Assert.Equal(2, manifest.Output[0].Count);
    }

    [Fact]
    public async Task The_whole_way_is_wrapped_in_Meta()
    {
        using var kickOff = await _client.Redox(PracticeClient.RedoxBody().ToJsonString());
        Assert.Equal(HttpStatusCode.Accepted, kickOff.StatusCode);
        Assert.StartsWith(_client.RedoxBase + "/", kickOff.Content.Headers.ContentLocation!.AbsoluteUri, StringComparison.Ordinal);
        Assert.Single(kickOff.Headers.GetValues("X-Request-Id"));
        Assert.Single(kickOff.Headers.GetValues("X-Correlation-Id"));
        var meta = JsonDocument.Parse(await kickOff.Content.ReadAsStringAsync()).RootElement.GetProperty("Meta");
        Assert.Equal("group-export-response", meta.GetProperty("EventType").GetString());
        var log = meta.GetProperty("Logs")[0];
        Assert.NotEqual(Guid.Empty, log.GetProperty("ID").GetGuid());
        Assert.NotEqual(Guid.Empty, log.GetProperty("AttemptID").GetGuid());

        var manifest = await _client.Finish(kickOff);
        Assert.Equal("FHIR Bulk Data Access", manifest.Json.GetProperty("Meta").GetProperty("DataModel").GetString());
        Assert.Equal(_client.RedoxExport, manifest.Json.GetProperty("request").GetString());
        Assert.All(manifest.Output, file => Assert.StartsWith(_client.RedoxBase + "/", file.Url, StringComparison.Ordinal));
        Assert.NotEmpty(await _client.Resources(manifest));
    }

    [Fact]
    public async Task Get_carries_the_body_and_may_repeat_it_in_the_query()
    {
        var body = PracticeClient.RedoxBody();
        body["_type"] = "Patient,Condition";
        using var same = await _client.Redox(body.ToJsonString(), "?_type=Patient,Condition", HttpMethod.Get);
        Assert.Equal(["Condition", "Patient"], (await _client.Finish(same)).Output.Select(file => file.Type));

        using var other = await _client.Redox(body.ToJsonString(), "?_type=Patient", HttpMethod.Get);
        Assert.Equal("_type", (await Outcomes.SingleIssue(other)).GetProperty("expression")[0].GetString());

        using var onlyInQuery = await _client.Redox(PracticeClient.RedoxBody().ToJsonString(), "?_type=Patient", HttpMethod.Get);
        Assert.Equal(["Patient"], (await _client.Finish(onlyInQuery)).Output.Select(file => file.Type));
    }

    [Fact]
    public async Task Get_refuses_patients()
    {
        var body = PracticeClient.RedoxBody();
        body["patient"] = "Patient/patient-0001";
        using var answer = await _client.Redox(body.ToJsonString(), "", HttpMethod.Get);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("patient", (await Outcomes.SingleIssue(answer)).GetProperty("expression")[0].GetString());
    }

    [Fact]
    public async Task Only_application_json_is_read()
    {
        using var answer = await _client.Http.SendAsync(PracticeClient.KickOff(HttpMethod.Post, _client.RedoxExport, PracticeClient.RedoxBody().ToJsonString()));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("Content-Type", (await Outcomes.SingleIssue(answer)).GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_thousand_patients_fit_into_a_body()
    {
        var body = PracticeClient.RedoxBody();
        body["patient"] = string.Join(',', Enumerable.Range(0, 100_000).Select(n => $"Patient/patient-{(n % 4) + 1:D4}"));
        Assert.Equal(4, (await _client.Finish(await _client.Redox(body.ToJsonString()))).Output.Single(file => file.Type == "Patient").Count);

        body["patient"] = string.Join(',', Enumerable.Range(0, 100_000).Select(n => $"Patient/stranger-{n}"));
        using var refused = await _client.Redox(body.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.InRange((await Outcomes.Issues(refused)).Count, 1, 20);
    }

    [Fact]
    public async Task Another_slug_or_flag_is_not_found()
    {
        var url = _client.RedoxExport.Replace("/Development/", "/Production/", StringComparison.Ordinal);
        using var answer = await _client.Http.SendAsync(PracticeClient.KickOff(HttpMethod.Post, url, PracticeClient.RedoxBody().ToJsonString(), "application/json"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static void Set(JsonObject body, string path, string json)
    {
        var names = path.Split('.');
        var target = names.Length == 2 ? body[names[0]]!.AsObject() : body;
        target.Remove(names[^1]);
        if (json.Length > 0)
        {
            target.Add(names[^1], JsonNode.Parse(json));
        }
    }
}
