using System.Text.Json.Nodes;
using GroupExport.Connections;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Requests;

/// <summary>POST of a Parameters resource, by the version of the standard.</summary>
public sealed class FhirParametersTests
{
    private const string Loinc = "Observation?code=http://loinc.org|1234-5&date=gt2026-01-01T00:00:00+01:00";
    private const string PresetSystem = "http://hl7.org/fhir/uv/bulkdata/CodeSystem/include-associated-data";

    /// <summary>What stands between the brackets of <c>parameter</c>: in version 2 and 3, and in version 4 where it differs.</summary>
    private static readonly Dictionary<string, (string Version2, string? Version4)> s_parameters = new()
    {
        ["one patient"] = (Reference("Patient/1"), null),
        ["several patients"] = ($"{Reference("Patient/1")},{Reference("https://fhir.example.org/r4/Patient/2")}", null),
        ["one preset"] = (
            """{"name":"includeAssociatedData","valueCode":"LatestProvenanceResources"}""",
            $$$"""{"name":"includeAssociatedData","valueCoding":{"system":"{{{PresetSystem}}}","code":"LatestProvenanceResources"}}"""),
        ["several presets"] = (
            """{"name":"includeAssociatedData","valueCode":"RelevantProvenanceResources"},{"name":"includeAssociatedData","valueCode":"_notes"}""",
            $$$"""
            {"name":"includeAssociatedData","valueCoding":{"system":"{{{PresetSystem}}}","code":"RelevantProvenanceResources"}},
            {"name":"includeAssociatedData","valueCoding":{"code":"_notes"}}
            """),
        ["presets of other systems"] = (
            """{"name":"includeAssociatedData","valueCode":"notes"},{"name":"includeAssociatedData","valueCode":"unknown"}""",
            """
            {"name":"includeAssociatedData","valueCoding":{"system":"https://fhir.example.org/presets","code":"notes"}},
            {"name":"includeAssociatedData","valueCoding":{"code":"unknown"}}
            """),
        ["an organizing type"] = (Text("organizeOutputBy", "Patient"), null),
        ["partial manifests allowed"] = ("""{"name":"allowPartialManifests","valueBoolean":true}""", null),
        ["partial manifests refused"] = ("""{"name":"allowPartialManifests","valueBoolean":false}""", null),
        ["a format"] = (Text("_outputFormat", "application/fhir+ndjson"), null),
        ["since with an offset"] = ("""{"name":"_since","valueInstant":"2026-11-01T00:00:00+01:00"}""", null),
        ["until in UTC"] = ("""{"name":"_until","valueInstant":"2026-11-02T00:00:00.123Z"}""", null),
        ["one type"] = (Text("_type", "Patient"), null),
        ["several types"] = (Text("_type", "Patient,Observation"), $"{Text("_type", "Patient")},{Text("_type", "Observation")}"),
        ["one element"] = (Text("_elements", "id"), null),
        ["several elements"] = (Text("_elements", "id,Patient.birthDate"), $"{Text("_elements", "id")},{Text("_elements", "Patient.birthDate")}"),
        ["one filter"] = (Text("_typeFilter", Loinc), null),
        ["several filters"] = ($"{Text("_typeFilter", "Observation?status=final")},{Text("_typeFilter", "Condition?clinical-status=active")}", null),
        ["one filter with a comma"] = (Text("_typeFilter", "Observation?status=final,amended"), null),
    };

    public static TheoryData<string, int> NamesAndVersions
    {
        get
        {
            TheoryData<string, int> rows = [];
            foreach (string name in RequestCases.All.Keys)
            {
                rows.Add(name, 2);
                rows.Add(name, 3);
                rows.Add(name, 4);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndVersions))]
    public async Task Each_parameter_has_its_value_element_and_there_is_no_other(string name, int specVersion)
    {
        Arrival arrival = await Sent.ArrivalOfAsync(RequestCases.All[name], Connect(specVersion));

        Assert.Equal("POST", arrival.Verb);
        Assert.Equal("/r4/Group/diabetes-2026/$export", arrival.Target);
        Sent.AssertJson(Expected(name, specVersion), arrival.Json);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task The_headers_are_these_and_no_others(int specVersion)
    {
        Arrival arrival = await Sent.ArrivalOfAsync(RequestCases.All["one type"], Connect(specVersion));

        SortedDictionary<string, string> headers = Sent.Headers(arrival);
        Assert.Equal(["Accept", "Cache-Control", "Content-Length", "Content-Type", "Host", "Prefer"], headers.Keys);
        Assert.Equal("application/fhir+json", headers["Accept"]);
        Assert.Equal("no-cache", headers["Cache-Control"]);
        Assert.Equal("application/fhir+json", headers["Content-Type"]);
        Assert.Equal("respond-async", headers["Prefer"]);
    }

    [Fact]
    public async Task Several_filters_may_hold_commas_because_each_is_a_parameter_of_its_own()
    {
        ExportRequest request = new() { GroupId = "g", TypeFilters = ["Observation?status=final,amended", "Condition?code=a,b"] };

        Arrival arrival = await Sent.ArrivalOfAsync(request, Connect(4));

        Assert.Equal(["Observation?status=final,amended", "Condition?code=a,b"], arrival.Json["parameter"]!.AsArray().Select(item => (string?)item!["valueString"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_GET_is_refused(int specVersion)
    {
        ExportException refusal = await Sent.RefusalOfAsync(new ExportRequest { GroupId = "g", Method = KickOffMethod.Get }, Connect(specVersion));

        Assert.Equal(ExportErrorKind.MethodNotSupported, refusal.Kind);
        Assert.Equal(specVersion == 4, refusal.Message.Contains("Version 4", StringComparison.Ordinal));
    }

    private static Func<RecordingServer, ConnectionSettings> Connect(int specVersion) =>
        server => TestConnections.Fhir(server, specVersion, RequestStyle.FhirParameters);

    private static string Expected(string name, int specVersion)
    {
        if (name == "nothing")
        {
            return """{"resourceType":"Parameters"}""";
        }

        (string version2, string? version4) = s_parameters[name];
        return $$"""{"resourceType":"Parameters","parameter":[{{(specVersion == 4 ? version4 ?? version2 : version2)}}]}""";
    }

    private static string Text(string name, string value) => new JsonObject { ["name"] = name, ["valueString"] = value }.ToJsonString();

    private static string Reference(string patient) => $$$"""{"name":"patient","valueReference":{"reference":"{{{patient}}}"}}""";
}
