using GroupExport.Sandbox.Endpoints;

namespace GroupExport.Sandbox.Jobs;

/// <summary>What was settled about an export at its kick-off.</summary>
internal sealed record JobTerms
{
    public required ServiceBase Base { get; init; }

    /// <summary>The kick-off's full URL.</summary>
    public required string KickOffUrl { get; init; }

    /// <summary>When the job began; also the manifest's <c>transactionTime</c>.</summary>
    public required DateTimeOffset Started { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Most files in one manifest; null for no bound.</summary>
    public int? PageSize { get; init; }

    /// <summary>True when manifests are given out before the end.</summary>
    public bool IsPartial { get; init; }

    /// <summary>True when status answers are always 200 and the export's own status has its own header.</summary>
    public bool HasSeparateStatus { get; init; }
}
