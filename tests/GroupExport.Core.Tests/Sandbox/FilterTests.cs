using System.Text.Json;
using GroupExport.Sandbox;

namespace GroupExport.Tests.Sandbox;

/// <summary>Every filter, on a small folder of which each line is known.</summary>
public sealed class FilterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PracticeClient _client;
    private readonly PracticeClient _third;

    public FilterTests()
    {
        _folder.Write("Patient.ndjson", """
            {"resourceType":"Patient","id":"a","meta":{"lastUpdated":"2026-01-01T00:00:00Z"},"gender":"female","birthDate":"1980-05-01","_birthDate":{"extension":[{"url":"x","valueCode":"y"}]},"active":true}
            {"resourceType":"Patient","id":"b","meta":{"lastUpdated":"2026-02-01T00:00:00.000Z","tag":[{"code":"t"}]},"gender":"male","birthDate":"1990"}
            {"resourceType":"Patient","id":"c","gender":"male"}
            """);
        _folder.Write("Observation.ndjson", """
            {"resourceType":"Observation","id":"o1","meta":{"lastUpdated":"2026-01-01T00:00:00Z"},"status":"final","category":[{"coding":[{"system":"http://s/cat","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"1-1"},{"system":"http://x","code":"x,1"}]},"subject":{"reference":"Patient/a"},"effectiveDateTime":"2020-05-05T23:30:00-05:00","valueQuantity":{"value":1.10,"unit":"x"}}
            {"resourceType":"Observation","id":"o2","meta":{"lastUpdated":"2026-03-01T00:00:00Z"},"status":"amended","category":[{"coding":[{"system":"http://s/cat","code":"laboratory"}]}],"code":{"coding":[{"system":"http://other","code":"1-1"}]},"subject":{"reference":"urn:uuid:b"},"effectivePeriod":{"start":"2021-01-01","end":"2021-02-01"},"valueQuantity":{"value":2.0}}
            {"resourceType":"Observation","id":"o3","status":"final","code":{"text":"none"},"subject":{"reference":"https://elsewhere.example/fhir/Patient/c/_history/1"}}
            {"resourceType":"Observation","id":"o4","status":"final","code":{"text":"none"},"subject":{"reference":"Patient/stranger"}}
            """);
        _folder.Write("AllergyIntolerance.ndjson", """
            {"resourceType":"AllergyIntolerance","id":"i1","category":["food","medication"],"clinicalStatus":{"coding":[{"code":"active"}]},"patient":{"reference":"Patient/a"}}
            """);
        _folder.Write("Organization.ndjson", """
            {"resourceType":"Organization","id":"org","name":"Clinic"}
            """);
        _client = new PracticeClient(new SandboxOptions { DataPath = _folder.Path, ExportDuration = TimeSpan.Zero });
        _third = new PracticeClient(new SandboxOptions { DataPath = _folder.Path, ExportDuration = TimeSpan.Zero, SpecVersion = 3 });
    }

    public void Dispose()
    {
        _client.Dispose();
        _third.Dispose();
        _folder.Dispose();
    }

    [Theory]
    // nothing, _type
    [InlineData("", "i1 o1 o2 o3 o4 org a b c")]
    [InlineData("_type=Patient", "a b c")]
    [InlineData("_type=Patient,Organization", "org a b c")]
    [InlineData("_type=Patient&_type=Organization", "org a b c")]
    [InlineData("_type=Procedure", "")]
    // instants are strict, and what has no lastUpdated always comes
    [InlineData("_type=Patient&_since=2026-01-01T00:00:00Z", "b c")]
    [InlineData("_type=Patient&_since=2025-12-31T23:59:59.999Z", "a b c")]
    [InlineData("_type=Patient&_since=2026-02-01T01:00:00%2B01:00", "c")]
    [InlineData("_type=Patient&_until=2026-02-01T00:00:00Z", "a c")]
    [InlineData("_type=Patient&_until=2026-02-01T00:00:00.001Z", "a b c")]
    [InlineData("_type=Patient&_since=2026-01-15T00:00:00Z&_until=2026-01-16T00:00:00Z", "c")]
    // tokens
    [InlineData("_type=Patient&_typeFilter=Patient%3Fgender%3Dmale", "b c")]
    [InlineData("_type=Patient&_typeFilter=Patient%3Fgender%3Dmale,female", "a b c")]
    [InlineData("_type=Patient&_typeFilter=Patient%3Factive%3Dtrue", "a")]
    [InlineData("_type=Patient&_typeFilter=Patient%3F_id%3Da,c", "a c")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fstatus%3Dfinal", "o1 o3 o4")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fcode%3D1-1", "o1 o2")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fcode%3Dhttp://loinc.org%7C1-1", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fcode%3Dhttp://other%7C", "o2")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fcode%3D%7C1-1", "")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fcode%3Dx%5C,1", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fcode%3Dhttp%253A%252F%252Floinc.org%257C1-1", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fcategory%3Dlaboratory", "o2")]
    [InlineData("_type=AllergyIntolerance&_typeFilter=AllergyIntolerance%3Fcategory%3Dmedication", "i1")]
    [InlineData("_type=AllergyIntolerance&_typeFilter=AllergyIntolerance%3Fclinical-status%3Dresolved", "")]
    // dates
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3D2020-05-06", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3D2020-05-05", "")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Dge2020-05-06", "o1 o2")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Dgt2020-05-06", "o2")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Dgt2021-02-01", "")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Dlt2021-01-01", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Dlt2020-05-06", "")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Dle2020-05-06", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Dne2021", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3D2021", "o2")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3D2021-01", "")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Deq2020-05-06T04:30:00Z", "o1")]
    [InlineData("_type=Patient&_typeFilter=Patient%3Fbirthdate%3Dlt1981", "a")]
    [InlineData("_type=Patient&_typeFilter=Patient%3F_lastUpdated%3Dge2026-02", "b")]
    // AND inside, OR between, each type on its own
    [InlineData("_type=Observation&_typeFilter=Observation%3Fcode%3D1-1%26status%3Dfinal", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fdate%3Dge2020%26date%3Dlt2021", "o1")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fstatus%3Damended&_typeFilter=Observation%3Fdate%3D2020", "o1 o2")]
    [InlineData("_type=Observation&_typeFilter=Observation%3Fstatus%3Damended,Observation%3Fdate%3D2020", "o1 o2")]
    [InlineData("_typeFilter=Patient%3Fgender%3Dfemale", "i1 o1 o2 o3 o4 org a")]
    [InlineData("_type=Patient&_typeFilter=Observation%3Fstatus%3Dfinal", "a b c")]
    public async Task A_query_gives_exactly(string query, string ids)
    {
        // What version 2 does not know yet, version 3 does.
        var resources = await (query.Contains("_until", StringComparison.Ordinal) ? _third : _client).Resources(query);
        Assert.Equal(ids, string.Join(' ', resources.Select(resource => resource.GetProperty("id").GetString())));
    }

    [Theory]
    [InlineData("Patient/a", "i1 o1 org a")]
    [InlineData("Patient/b", "o2 org b")]
    [InlineData("Patient/c,Patient/b", "o2 o3 org b c")]
    public async Task Patients_get_their_own_compartment_and_what_belongs_to_nobody(string patients, string ids)
    {
        var body = PracticeClient.RedoxBody();
        body["patient"] = patients;
        var resources = await _client.Resources(await _client.Finish(await _client.Redox(body.ToJsonString())));
        Assert.Equal(ids, string.Join(' ', resources.Select(resource => resource.GetProperty("id").GetString())));
    }

    [Fact]
    public async Task A_patient_who_is_only_referred_to_is_no_member()
    {
        var body = PracticeClient.RedoxBody();
        body["patient"] = "Patient/stranger";
        using var answer = await _client.Redox(body.ToJsonString());
        Assert.Equal("patient", (await Outcomes.SingleIssue(answer)).GetProperty("expression")[0].GetString());
        Assert.Equal(3, _client.Sandbox.PatientCount);
    }

    [Theory]
    [InlineData("Observation.value", "o1", "resourceType id meta status code valueQuantity")]
    [InlineData("value,subject", "o1", "resourceType id meta status code subject valueQuantity")]
    [InlineData("id", "o3", "resourceType id status code meta")]
    [InlineData("birthDate", "a", "resourceType id meta birthDate _birthDate")]
    [InlineData("Patient.gender", "b", "resourceType id meta gender")]
    [InlineData("Patient.id", "org", "resourceType id name")]
    public async Task Elements_keep_what_is_asked_for_and_what_is_mandatory(string elements, string id, string properties)
    {
        var resource = (await _client.Resources("_elements=" + elements)).Single(resource => resource.GetProperty("id").GetString() == id);
        Assert.Equal(properties, string.Join(' ', resource.EnumerateObject().Select(property => property.Name)));
        var isSubset = resource.TryGetProperty("meta", out var meta) && meta.TryGetProperty("tag", out var tags)
            && tags.EnumerateArray().Any(tag => tag.GetProperty("code").GetString() == "SUBSETTED");
        Assert.Equal(id != "org", isSubset);
    }

    [Fact]
    public async Task Elements_keep_numbers_tags_and_time_as_they_were()
    {
        var resources = await _client.Resources("_elements=Observation.value,Patient.id");
        Assert.Equal("1.10", Find(resources, "o1").GetProperty("valueQuantity").GetProperty("value").GetRawText());
        Assert.Equal("2026-02-01T00:00:00.000Z", Find(resources, "b").GetProperty("meta").GetProperty("lastUpdated").GetString());
        Assert.Equal("t", Find(resources, "b").GetProperty("meta").GetProperty("tag")[0].GetProperty("code").GetString());
    }

    private static JsonElement Find(IEnumerable<JsonElement> resources, string id) => resources.Single(resource => resource.GetProperty("id").GetString() == id);
}
