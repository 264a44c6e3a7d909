using GroupExport.Connections;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Requests;

/// <summary>GET with a query string, as a FHIR server of version 2 or 3 gets it.</summary>
public sealed class FhirQueryTests
{
    private const string Path = "/r4/Group/diabetes-2026/$export";

    private static readonly Dictionary<string, string?> s_queries = new()
    {
        ["nothing"] = "",
        ["one patient"] = null,
        ["several patients"] = null,
        ["one preset"] = "?includeAssociatedData=LatestProvenanceResources",
        ["several presets"] = "?includeAssociatedData=RelevantProvenanceResources,_notes",
        ["presets of other systems"] = "?includeAssociatedData=notes,unknown",
        ["an organizing type"] = "?organizeOutputBy=Patient",
        ["partial manifests allowed"] = "?allowPartialManifests=true",
        ["partial manifests refused"] = "?allowPartialManifests=false",
        ["a format"] = "?_outputFormat=application%2Ffhir%2Bndjson",
        ["since with an offset"] = "?_since=2026-11-01T00%3A00%3A00%2B01%3A00",
        ["until in UTC"] = "?_until=2026-11-02T00%3A00%3A00.123Z",
        ["one type"] = "?_type=Patient",
        ["several types"] = "?_type=Patient,Observation",
        ["one element"] = "?_elements=id",
        ["several elements"] = "?_elements=id,Patient.birthDate",
        ["one filter"] = "?_typeFilter=Observation%3Fcode%3Dhttp%3A%2F%2Floinc.org%7C1234-5%26date%3Dgt2026-01-01T00%3A00%3A00%2B01%3A00",
        ["several filters"] = "?_typeFilter=Observation%3Fstatus%3Dfinal&_typeFilter=Condition%3Fclinical-status%3Dactive",
        ["one filter with a comma"] = "?_typeFilter=Observation%3Fstatus%3Dfinal%2Camended",
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
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndVersions))]
    public async Task Each_parameter_stands_in_the_query_and_patients_are_refused(string name, int specVersion)
    {
        if (s_queries[name] is not { } query)
        {
            ExportException refusal = await Sent.RefusalOfAsync(RequestCases.All[name], Of(specVersion));
            Assert.Equal(ExportErrorKind.PatientNeedsPost, refusal.Kind);
            return;
        }

        Arrival arrival = await Sent.ArrivalOfAsync(RequestCases.All[name], Of(specVersion));
        Assert.Equal("GET", arrival.Verb);
        Assert.Equal(Path + query, arrival.Target);
        Assert.Empty(arrival.Body);
    }

    [Fact]
    public async Task The_headers_are_these_and_no_others()
    {
        Arrival arrival = await Sent.ArrivalOfAsync(RequestCases.All["one type"], Connect);

        SortedDictionary<string, string> headers = Sent.Headers(arrival);
        Assert.Equal(["Accept", "Cache-Control", "Content-Length", "Host", "Prefer"], headers.Keys);
        Assert.Equal("application/fhir+json", headers["Accept"]);
        Assert.Equal("no-cache", headers["Cache-Control"]);
        Assert.Equal("respond-async", headers["Prefer"]);
        Assert.Equal("0", headers["Content-Length"]);
    }

    [Fact]
    public async Task All_parameters_together_are_joined_by_ampersands()
    {
        ExportRequest request = new()
        {
            GroupId = "g",
            Types = ["Patient", "Observation"],
            Since = "2026-11-01T00:00:00Z",
            TypeFilters = ["Observation?status=final", "Observation?status=amended"],
            AllowPartialManifests = true,
        };

        Arrival arrival = await Sent.ArrivalOfAsync(request, Connect);

        string[] expected =
        [
            "_since=2026-11-01T00%3A00%3A00Z",
            "_type=Patient,Observation",
            "_typeFilter=Observation%3Fstatus%3Damended",
            "_typeFilter=Observation%3Fstatus%3Dfinal",
            "allowPartialManifests=true",
        ];
        Assert.Equal(expected, arrival.Query.Split('&').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("g-1.x", "/r4/Group/g-1.x/$export")]
    [InlineData("a b", "/r4/Group/a%20b/$export")]
    [InlineData("ü", "/r4/Group/%C3%BC/$export")]
    [InlineData("a+b", "/r4/Group/a%2Bb/$export")]
    public async Task The_group_is_encoded_and_the_operation_is_not(string groupId, string target)
    {
        Arrival arrival = await Sent.ArrivalOfAsync(new ExportRequest { GroupId = groupId }, Connect);

        Assert.Equal(target, arrival.Target);
    }

    [Fact]
    public async Task A_POST_is_refused()
    {
        ExportException refusal = await Sent.RefusalOfAsync(new ExportRequest { GroupId = "g", Method = KickOffMethod.Post }, Connect);

        Assert.Equal(ExportErrorKind.MethodNotSupported, refusal.Kind);
        Assert.Equal("Method", refusal.Subject);
    }

    [Fact]
    public async Task Version_4_has_no_query()
    {
        ExportException refusal = await Sent.RefusalOfAsync(new ExportRequest { GroupId = "g" }, Of(4));

        Assert.Equal(ExportErrorKind.MethodNotSupported, refusal.Kind);
        Assert.Contains("-SpecVersion", refusal.Message, StringComparison.Ordinal);
    }

    private static Func<RecordingServer, ConnectionSettings> Of(int specVersion) => server => Connect(server) with { SpecVersion = specVersion };

    private static ConnectionSettings Connect(RecordingServer server) => TestConnections.Fhir(server, style: RequestStyle.FhirQuery);
}
