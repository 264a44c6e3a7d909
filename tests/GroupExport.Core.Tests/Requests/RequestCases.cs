using GroupExport.Requests;

namespace GroupExport.Tests.Requests;

/// <summary>Requests by name, one for each parameter and number of values. Every style has a table that says what each looks like on the wire.</summary>
internal static class RequestCases
{
    public const string GroupId = "diabetes-2026";

    private static readonly ExportRequest s_bare = new() { GroupId = GroupId };

    public static IReadOnlyDictionary<string, ExportRequest> All { get; } = new Dictionary<string, ExportRequest>
    {
        ["nothing"] = s_bare,
        ["one patient"] = s_bare with { Patients = ["Patient/1"] },
        ["several patients"] = s_bare with { Patients = ["Patient/1", "https://fhir.example.org/r4/Patient/2"] },
        ["one preset"] = s_bare with { IncludeAssociatedData = ["LatestProvenanceResources"] },
        ["several presets"] = s_bare with { IncludeAssociatedData = ["RelevantProvenanceResources", "_notes"] },
        ["presets of other systems"] = s_bare with { IncludeAssociatedData = ["https://fhir.example.org/presets|notes", "unknown"] },
        ["an organizing type"] = s_bare with { OrganizeOutputBy = "Patient" },
        ["partial manifests allowed"] = s_bare with { AllowPartialManifests = true },
        ["partial manifests refused"] = s_bare with { AllowPartialManifests = false },
        ["a format"] = s_bare with { OutputFormat = "application/fhir+ndjson" },
        ["since with an offset"] = s_bare with { Since = "2026-11-01T00:00:00+01:00" },
        ["until in UTC"] = s_bare with { Until = "2026-11-02T00:00:00.123Z" },
        ["one type"] = s_bare with { Types = ["Patient"] },
        ["several types"] = s_bare with { Types = ["Patient", "Observation"] },
        ["one element"] = s_bare with { Elements = ["id"] },
        ["several elements"] = s_bare with { Elements = ["id", "Patient.birthDate"] },
        ["one filter"] = s_bare with { TypeFilters = ["Observation?code=http://loinc.org|1234-5&date=gt2026-01-01T00:00:00+01:00"] },
        ["several filters"] = s_bare with { TypeFilters = ["Observation?status=final", "Condition?clinical-status=active"] },
        ["one filter with a comma"] = s_bare with { TypeFilters = ["Observation?status=final,amended"] },
    };

    public static TheoryData<string> Names => [.. All.Keys];
}
