using GroupExport.Connections;
using GroupExport.Requests;

namespace GroupExport.Tests.Requests;

/// <summary>What is said of a request before it is sent, by the version it is written for.</summary>
public sealed class RequestCautionsTests
{
    private static readonly ExportRequest s_bare = new() { GroupId = "g" };
    private static readonly ExportRequest s_patients = s_bare with { Types = ["Patient"] };

    private static readonly Dictionary<string, ExportRequest> s_requests = new()
    {
        ["nothing"] = s_bare,
        ["what every version has"] = s_patients with { Since = "2026-11-01T00:00:00Z", Elements = ["id", "Patient.name"], TypeFilters = ["Patient?gender=female"], IncludeAssociatedData = ["_notes"], AllowPartialManifests = false },
        ["newer parameters"] = s_bare with { Until = "2026-11-02T00:00:00Z", OrganizeOutputBy = "Patient", AllowPartialManifests = true },
        ["one newer parameter"] = s_bare with { Until = "2026-11-02T00:00:00Z" },
        ["filters without types"] = s_bare with { TypeFilters = ["Patient?gender=female"] },
        ["a comma in a filter"] = s_patients with { TypeFilters = ["Patient?gender=female", "Patient?name=secret,other"] },
        ["idle elements"] = s_patients with { Elements = ["id", "Observation.code", "Observation.status"] },
        ["elements of any type"] = s_bare with { Elements = ["Observation.code"] },
        ["nested elements"] = s_bare with { Elements = ["id", "Patient.name.family"] },
        ["a preset with a system"] = s_bare with { IncludeAssociatedData = ["https://fhir.example.org/presets|notes"] },
        ["an unknown preset"] = s_bare with { IncludeAssociatedData = ["notes"] },
    };

    [Theory]
    [InlineData("nothing", 2, null)]
    [InlineData("what every version has", 2, null)]
    [InlineData("what every version has", 4, null)]
    [InlineData("newer parameters", 2, "_until, organizeOutputBy, allowPartialManifests")]
    [InlineData("one newer parameter", 2, "does not have _until:")]
    [InlineData("newer parameters", 3, null)]
    [InlineData("newer parameters", null, null)]
    [InlineData("filters without types", 2, "beside -Type")]
    [InlineData("filters without types", 3, null)]
    [InlineData("a comma in a filter", 2, "Type filter 2 holds a comma")]
    [InlineData("a comma in a filter", 3, null)]
    [InlineData("a comma in a filter", null, null)]
    [InlineData("idle elements", 2, "elements of Observation,")]
    [InlineData("idle elements", null, "elements of Observation,")]
    [InlineData("elements of any type", 2, null)]
    [InlineData("nested elements", 3, "no root elements, which are all that servers have to know: Patient.name.family.")]
    [InlineData("a preset with a system", 2, "without their system: notes")]
    [InlineData("a preset with a system", 3, "without their system: notes")]
    [InlineData("a preset with a system", 4, null)]
    [InlineData("an unknown preset", 4, "'notes' is no preset")]
    public void What_a_version_does_not_have_and_what_has_no_effect_is_told(string name, int? specVersion, string? said)
    {
        ConnectionSettings connection = new() { FhirBase = new Uri("https://fhir.example.org/"), SpecVersion = specVersion };

        string[] cautions = [.. RequestCautions.Of([s_requests[name]], connection)];

        Assert.Equal(said is null ? 0 : 1, cautions.Length);
        Assert.All(cautions, caution => Assert.Contains(said!, caution, StringComparison.Ordinal));
        Assert.All(cautions, caution => Assert.DoesNotContain("secret", caution, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("newer parameters")]
    [InlineData("filters without types")]
    [InlineData("a comma in a filter")]
    public void Redox_lists_its_parameters_itself(string name)
    {
        ConnectionSettings connection = new() { FhirBase = new Uri("https://fhir.example.org/"), Style = RequestStyle.Redox, SpecVersion = 2 };

        Assert.Empty(RequestCautions.Of([s_requests[name]], connection));
    }

    [Fact]
    public void Redox_takes_no_system_of_a_preset_either() => Assert.Single(RequestCautions.Of(
        [s_requests["a preset with a system"]],
        new ConnectionSettings { FhirBase = new Uri("https://fhir.example.org/"), Style = RequestStyle.Redox, SpecVersion = 4 }));

    [Fact]
    public void What_holds_for_one_of_several_groups_is_told_once()
    {
        ConnectionSettings connection = new() { FhirBase = new Uri("https://fhir.example.org/"), SpecVersion = 2 };
        ExportRequest filtered = s_requests["filters without types"];

        Assert.Single(RequestCautions.Of([filtered with { Types = ["Patient"] }, filtered, filtered], connection));
        Assert.Empty(RequestCautions.Of([], connection));
    }
}
