using GroupExport.Sandbox.Selection;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>What an export shall hold: the parameters of a kick-off, checked and understood. Null means no restriction.</summary>
internal sealed record ExportRequest
{
    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    public IReadOnlySet<string>? Types { get; init; }

    /// <summary>Numbers of the patients in the directory.</summary>
    public IReadOnlySet<int>? Patients { get; init; }

    public IReadOnlyList<ElementName> Elements { get; init; } = [];

    public IReadOnlyList<TypeFilter> TypeFilters { get; init; } = [];

    /// <summary>The resource type by whose instances the output is organized.</summary>
    public string? OrganizeOutputBy { get; init; }

    /// <summary>Accepted; output in several manifests comes only from servers that support it.</summary>
    public bool AllowPartialManifests { get; init; }
}
