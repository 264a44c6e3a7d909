using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Specification;

/// <summary>What a version of Bulk Data Access asks for and allows, as far as versions differ.</summary>
internal sealed record SpecRules
{
    private static readonly string[] s_second =
    [
        ParameterNames.OutputFormat, ParameterNames.Since, ParameterNames.Type, ParameterNames.Elements, ParameterNames.TypeFilter,
        ParameterNames.Patient, ParameterNames.IncludeAssociatedData,
    ];

    private static readonly SpecRules s_version2 = new()
    {
        Name = "2.0.0",
        Parameters = s_second,
        AssociatedDataElements = ["valueCode", "valueCoding", "valueString"],
        JoinsFilters = true,
    };

    private static readonly SpecRules s_version3 = s_version2 with
    {
        Name = "3.0.0",
        Parameters = ParameterNames.All,
        JoinsFilters = false,
        OrganizesOutput = true,
        GivesPartialManifests = true,
        SeparatesStatus = true,
    };

    private static readonly SpecRules s_version4 = s_version3 with
    {
        Name = "4.0.0-ballot",
        KickOffMethods = "POST",
        AssociatedDataElements = ["valueCoding"],
        JoinsLists = false,
        HasRequest = false,
        OutcomeField = "outcome",
        TypesMessages = false,
        RepeatsOutcomes = false,
        OmitsEmptyArrays = true,
        IsManifestExtended = true,
    };

    /// <summary>Redox names the parameters of version 3 and answers in the shape of version 2.</summary>
    public static SpecRules Redox { get; } = s_version2 with { Name = null, Parameters = ParameterNames.All };

    /// <summary>As canonical URLs give it behind the bar; null when the server does not say.</summary>
    public string? Name { get; private init; }

    public string KickOffMethods { get; private init; } = "GET, POST";

    public IReadOnlyList<string> Parameters { get; private init; } = [];

    /// <summary>The elements in which <c>includeAssociatedData</c> may come.</summary>
    public IReadOnlyList<string> AssociatedDataElements { get; private init; } = [];

    /// <summary>True when several values may come as one comma list.</summary>
    public bool JoinsLists { get; private init; } = true;

    /// <summary>The same for <c>_typeFilter</c>.</summary>
    public bool JoinsFilters { get; private init; }

    public bool OrganizesOutput { get; private init; }

    public bool GivesPartialManifests { get; private init; }

    public bool SeparatesStatus { get; private init; }

    /// <summary>Whether manifests tell the kick-off's URL.</summary>
    public bool HasRequest { get; private init; } = true;

    /// <summary>The array for files of OperationOutcomes.</summary>
    public string OutcomeField { get; private init; } = "error";

    /// <summary>Whether entries for deletions and outcomes have a type.</summary>
    public bool TypesMessages { get; private init; } = true;

    /// <summary>Whether every page lists the outcomes; else the first one alone does.</summary>
    public bool RepeatsOutcomes { get; private init; } = true;

    public bool OmitsEmptyArrays { get; private init; }

    /// <summary>Whether manifests have the fields that version 4 adds.</summary>
    public bool IsManifestExtended { get; private init; }

    /// <summary>The rules of version 2, 3 or 4.</summary>
    public static SpecRules Of(int version) => version switch
    {
        2 => s_version2,
        3 => s_version3,
        4 => s_version4,
        _ => throw new ArgumentOutOfRangeException(nameof(version)),
    };

    /// <summary>A canonical URL with this version.</summary>
    public string Canonical(string url) => Name is null ? url : $"{url}|{Name}";
}
