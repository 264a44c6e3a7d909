using System.Text.Json.Nodes;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Requests;

/// <summary>The parameters of a request as Redox gets them; <see cref="RedoxMetaTests"/> looks at the envelope.</summary>
public sealed class RedoxRequestTests
{
    private const string Path = "/fhir/R4/redox-fhir-sandbox/Development/Group/diabetes-2026/$export";

    private static readonly Dictionary<string, (string Body, string Query)> s_wire = new()
    {
        ["nothing"] = ("", ""),
        ["one preset"] = ("\"includeAssociatedData\":\"LatestProvenanceResources\"", "includeAssociatedData=LatestProvenanceResources"),
        ["several presets"] = ("\"includeAssociatedData\":\"RelevantProvenanceResources,_notes\"", "includeAssociatedData=RelevantProvenanceResources,_notes"),
        ["presets of other systems"] = ("\"includeAssociatedData\":\"notes,unknown\"", "includeAssociatedData=notes,unknown"),
        ["an organizing type"] = ("\"organizeOutputBy\":\"Patient\"", "organizeOutputBy=Patient"),
        ["partial manifests allowed"] = ("\"allowPartialManifests\":true", "allowPartialManifests=true"),
        ["partial manifests refused"] = ("\"allowPartialManifests\":false", "allowPartialManifests=false"),
        ["a format"] = ("\"_outputFormat\":\"application/fhir+ndjson\"", "_outputFormat=application%2Ffhir%2Bndjson"),
        ["since with an offset"] = ("\"_since\":\"2026-11-01T00:00:00+01:00\"", "_since=2026-11-01T00%3A00%3A00%2B01%3A00"),
        ["until in UTC"] = ("\"_until\":\"2026-11-02T00:00:00.123Z\"", "_until=2026-11-02T00%3A00%3A00.123Z"),
        ["one type"] = ("\"_type\":\"Patient\"", "_type=Patient"),
        ["several types"] = ("\"_type\":\"Patient,Observation\"", "_type=Patient,Observation"),
        ["one element"] = ("\"_elements\":\"id\"", "_elements=id"),
        ["several elements"] = ("\"_elements\":\"id,Patient.birthDate\"", "_elements=id,Patient.birthDate"),
        ["one filter"] = (
            "\"_typeFilter\":\"Observation?code=http://loinc.org|1234-5&date=gt2026-01-01T00:00:00+01:00\"",
            "_typeFilter=Observation%3Fcode%3Dhttp%3A%2F%2Floinc.org%7C1234-5%26date%3Dgt2026-01-01T00%3A00%3A00%2B01%3A00"),
        ["one filter with a comma"] = ("\"_typeFilter\":\"Observation?status=final,amended\"", "_typeFilter=Observation%3Fstatus%3Dfinal%2Camended"),
        ["several filters"] = (
            "\"_typeFilter\":\"Observation?status=final,Condition?clinical-status=active\"",
            "_typeFilter=Observation%3Fstatus%3Dfinal&_typeFilter=Condition%3Fclinical-status%3Dactive"),

        // POST only.
        ["one patient"] = ("\"patient\":\"Patient/1\"", ""),
        ["several patients"] = ("\"patient\":\"Patient/1,https://fhir.example.org/r4/Patient/2\"", ""),
    };

    public static TheoryData<string> NamesWithoutPatients => [.. RequestCases.All.Keys.Where(name => !name.EndsWith("patient", StringComparison.Ordinal) && !name.EndsWith("patients", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(RequestCases.Names), MemberType = typeof(RequestCases))]
    public async Task A_POST_carries_each_parameter_as_a_field_and_no_other(string name)
    {
        Arrival arrival = await Sent.ArrivalOfAsync(RequestCases.All[name], TestConnections.Redox);

        Assert.Equal("POST", arrival.Verb);
        Assert.Equal(Path, arrival.Target);
        AssertFields(name, arrival);
    }

    [Theory]
    [MemberData(nameof(NamesWithoutPatients))]
    public async Task A_GET_carries_each_parameter_in_the_query_and_in_the_same_body(string name)
    {
        Arrival arrival = await Sent.ArrivalOfAsync(RequestCases.All[name] with { Method = KickOffMethod.Get }, TestConnections.Redox);

        Assert.Equal("GET", arrival.Verb);
        Assert.Equal(s_wire[name].Query.Length == 0 ? Path : $"{Path}?{s_wire[name].Query}", arrival.Target);
        AssertFields(name, arrival);
    }

    [Theory]
    [InlineData(KickOffMethod.Post)]
    [InlineData(KickOffMethod.Get)]
    public async Task The_headers_are_these_and_no_others(KickOffMethod method)
    {
        Arrival arrival = await Sent.ArrivalOfAsync(new ExportRequest { GroupId = "g", Method = method }, TestConnections.Redox);

        SortedDictionary<string, string> headers = Sent.Headers(arrival);
        Assert.Equal(["Accept", "Cache-Control", "Content-Length", "Content-Type", "Host", "Prefer"], headers.Keys);
        Assert.Equal("application/fhir+json", headers["Accept"]);
        Assert.Equal("no-cache", headers["Cache-Control"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.Equal("respond-async", headers["Prefer"]);
    }

    [Theory]
    [InlineData("one patient")]
    [InlineData("several patients")]
    public async Task A_GET_with_patients_is_refused_before_anything_is_sent(string name)
    {
        ExportException refusal = await Sent.RefusalOfAsync(RequestCases.All[name] with { Method = KickOffMethod.Get }, TestConnections.Redox);

        Assert.Equal(ExportErrorKind.PatientNeedsPost, refusal.Kind);
        Assert.DoesNotContain("Patient/1", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(KickOffMethod.Post)]
    [InlineData(KickOffMethod.Get)]
    public async Task Of_several_filters_none_may_hold_a_comma(KickOffMethod method)
    {
        ExportRequest request = new() { GroupId = "g", TypeFilters = ["Observation?status=final,amended", "Condition?code=a"], Method = method };

        ExportException refusal = await Sent.RefusalOfAsync(request, TestConnections.Redox);

        Assert.Equal(ExportErrorKind.InvalidParameter, refusal.Kind);
        Assert.Equal("TypeFilter", refusal.Subject);
        Assert.DoesNotContain("amended", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_parameters_together_stand_side_by_side()
    {
        ExportRequest request = new()
        {
            GroupId = "g",
            Patients = ["Patient/1"],
            Types = ["Patient"],
            Since = "2026-11-01T00:00:00Z",
            AllowPartialManifests = false,
        };

        Arrival arrival = await Sent.ArrivalOfAsync(request, TestConnections.Redox);

        Assert.Equal(["Meta", "_since", "_type", "allowPartialManifests", "id", "patient"], arrival.Json.Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    private static void AssertFields(string name, Arrival arrival)
    {
        JsonObject body = arrival.Json;
        Assert.True(body.Remove("Meta"));
        string field = s_wire[name].Body;
        Sent.AssertJson("{\"id\":\"diabetes-2026\"" + (field.Length == 0 ? "" : ",") + field + "}", body);
    }
}
