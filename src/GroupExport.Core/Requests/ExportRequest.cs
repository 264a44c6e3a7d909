namespace GroupExport.Requests;

/// <summary>What is asked of the server, independent of how it is written. Lists keep the order they were given in and hold no duplicates.</summary>
/// <remarks>Parameters as in FHIR Bulk Data Access, "Query Parameters"; null and empty mean that the parameter is not sent.</remarks>
public sealed record ExportRequest
{
    /// <summary>The id of the Group resource, without <c>Group/</c>.</summary>
    public required string GroupId { get; init; }

    /// <summary>References that restrict the export inside the group (<c>patient</c>).</summary>
    public IReadOnlyList<string> Patients { get; init; } = [];

    /// <summary>Resource types (<c>_type</c>).</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>FHIR search queries, each for one type (<c>_typeFilter</c>).</summary>
    public IReadOnlyList<string> TypeFilters { get; init; } = [];

    /// <summary>Root elements (<c>_elements</c>), such as <c>id</c> or <c>Patient.name</c>.</summary>
    public IReadOnlyList<string> Elements { get; init; } = [];

    /// <summary>Presets (<c>includeAssociatedData</c>): codes, or <c>system|code</c>.</summary>
    public IReadOnlyList<string> IncludeAssociatedData { get; init; } = [];

    /// <summary>The resource type that organizes the files (<c>organizeOutputBy</c>).</summary>
    public string? OrganizeOutputBy { get; init; }

    /// <summary>The format of the files (<c>_outputFormat</c>).</summary>
    public string? OutputFormat { get; init; }

    /// <summary>Only what changed after this instant (<c>_since</c>).</summary>
    public string? Since { get; init; }

    /// <summary>Only what changed before this instant (<c>_until</c>).</summary>
    public string? Until { get; init; }

    /// <summary>Whether the server may spread its output over several manifests (<c>allowPartialManifests</c>).</summary>
    public bool? AllowPartialManifests { get; init; }

    /// <summary>Whether the server may go on without the parameters that it cannot do (<c>Prefer: handling=lenient</c>, RFC 7240).</summary>
    public bool IsLenient { get; init; }

    /// <summary>The method asked for; null lets the style decide.</summary>
    public KickOffMethod? Method { get; init; }

    /// <summary>The Redox envelope; not sent to plain FHIR servers.</summary>
    public RedoxEnvelope Envelope { get; init; } = new();

    /// <summary>The names of the parameters that are sent, for receipts: names tell what was restricted without telling to whom.</summary>
    public IReadOnlyList<string> ParameterNames =>
    [
        .. new (string Name, bool Present)[]
        {
            ("_type", Types.Count > 0),
            ("_since", Since is not null),
            ("_until", Until is not null),
            ("_typeFilter", TypeFilters.Count > 0),
            ("_elements", Elements.Count > 0),
            ("_outputFormat", OutputFormat is not null),
            ("patient", Patients.Count > 0),
            ("includeAssociatedData", IncludeAssociatedData.Count > 0),
            ("organizeOutputBy", OrganizeOutputBy is not null),
            ("allowPartialManifests", AllowPartialManifests is not null),
        }.Where(parameter => parameter.Present).Select(parameter => parameter.Name),
    ];

    /// <summary>Gets the filters without their values, which can be a patient's.</summary>
    public IEnumerable<string> ShownTypeFilters => TypeFilters.Select((filter, index) => TypeFilter.Read(filter, index + 1).Shown);

    /// <summary>Gets the number of patients in words.</summary>
    public string PatientCount => Patients.Count == 1 ? "1 patient" : $"{Patients.Count} patients";

    /// <summary>Names the group and counts the patients.</summary>
    public override string ToString() => $"export of group {GroupId}, {PatientCount}";
}
