using GroupExport.Connections;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Requests;

/// <summary>Which style and verb a FHIR server gets when the connection does not say: by version, patients and method, never by trial.</summary>
public sealed class StyleRuleTests
{
    [Theory]
    [InlineData(2, false, null, "GET")]
    [InlineData(3, false, null, "GET")]
    [InlineData(2, true, null, "POST")]
    [InlineData(3, true, null, "POST")]
    [InlineData(2, false, KickOffMethod.Get, "GET")]
    [InlineData(2, false, KickOffMethod.Post, "POST")]
    [InlineData(3, true, KickOffMethod.Post, "POST")]
    [InlineData(4, false, null, "POST")]
    [InlineData(4, true, null, "POST")]
    [InlineData(4, false, KickOffMethod.Post, "POST")]
    public async Task Version_patients_and_method_decide_the_verb(int specVersion, bool patients, KickOffMethod? method, string verb)
    {
        ExportRequest request = new() { GroupId = "g", Patients = patients ? ["Patient/1"] : [], Types = ["Patient"], Method = method };

        Arrival arrival = await Sent.ArrivalOfAsync(request, server => TestConnections.Fhir(server, specVersion));

        Assert.Equal(verb, arrival.Verb);
        Assert.Equal(verb == "GET" ? "_type=Patient" : "", arrival.Query);
        Assert.Equal(verb == "GET", arrival.Body.Length == 0);
    }

    [Theory]
    [InlineData(2, true, ExportErrorKind.PatientNeedsPost)]
    [InlineData(3, true, ExportErrorKind.PatientNeedsPost)]
    [InlineData(4, true, ExportErrorKind.PatientNeedsPost)]
    [InlineData(4, false, ExportErrorKind.MethodNotSupported)]
    public async Task A_GET_that_cannot_be_is_refused_before_anything_is_sent(int specVersion, bool patients, ExportErrorKind kind)
    {
        ExportRequest request = new() { GroupId = "g", Patients = patients ? ["Patient/1"] : [], Method = KickOffMethod.Get };

        ExportException refusal = await Sent.RefusalOfAsync(request, server => TestConnections.Fhir(server, specVersion));

        Assert.Equal(kind, refusal.Kind);
    }

    [Theory]
    [InlineData(RequestStyle.FhirQuery, "GET", "/fhir/R4/redox-fhir-sandbox/Development/Group/g/$export?_type=Patient")]
    [InlineData(RequestStyle.FhirParameters, "POST", "/fhir/R4/redox-fhir-sandbox/Development/Group/g/$export")]
    public async Task A_Redox_destination_can_be_spoken_to_in_FHIR_style(RequestStyle style, string verb, string target)
    {
        ExportRequest request = new() { GroupId = "g", Types = ["Patient"] };

        Arrival arrival = await Sent.ArrivalOfAsync(request, server => TestConnections.Redox(server) with { Style = style });

        Assert.Equal(verb, arrival.Verb);
        Assert.Equal(target, arrival.Target);
        Assert.DoesNotContain("Meta", arrival.BodyText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_shows_verb_and_path_but_nothing_that_is_asked_for()
    {
        ExportRequest request = new() { GroupId = "g", TypeFilters = ["Patient?name=secret"] };
        ConnectionSettings settings = new() { FhirBase = new Uri("https://fhir.example.org/r4/") };

        string shown = KickOffWriter.Write(request, settings, Sent.Now).ToString();

        Assert.Equal("GET https://fhir.example.org/r4/Group/g/$export?…", shown);
    }

    [Fact]
    public void A_request_shows_its_patients_as_a_count()
    {
        ExportRequest request = RequestCases.All["several patients"];

        Assert.Equal("export of group diabetes-2026, 2 patients", request.ToString());
        Assert.Equal(["patient"], request.ParameterNames);
    }
}
