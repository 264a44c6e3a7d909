namespace GroupExport.Http;

/// <summary>Represents the requests for one URL, and what their failures say so far. Its <see cref="PacedOrigin"/> guards it.</summary>
internal sealed class PacedRequest
{
    /// <summary>Gets or sets the last failure, as long as it is open whose it was; null if there is none.</summary>
    public OpenFault? Open { get; set; }

    /// <summary>Gets or sets when it failed last, in the order of what happened at the origin; null if it has not since its last success.</summary>
    public long? FailedAt { get; set; }

    /// <summary>Gets or sets a value indicating whether a failure was charged to it. From then on its failures are its own unless others fail too.</summary>
    public bool IsCharged { get; set; }

    /// <summary>Gets or sets a value indicating whether a Retry-After for it has paused the origin before. The next one holds back only this URL.</summary>
    public bool HasPaused { get; set; }
}

/// <summary>Represents a failure of which it is open whose it was.</summary>
/// <param name="Fault">What it says.</param>
/// <param name="StartedAt">When the request was let through, in the order of what happened at the origin.</param>
/// <param name="FailedAt">When it failed, in that order.</param>
internal sealed record OpenFault(OriginFault Fault, long StartedAt, long FailedAt)
{
    /// <summary>Gets a value indicating whether others that began after its failure before this one have succeeded.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Gets or sets a value indicating whether others failed too, so that it is the origin's.</summary>
    public bool IsOrigins { get; set; }
}

/// <summary>Represents one request that was let through.</summary>
/// <param name="StartedAt">When, in the order of what happened at the origin.</param>
/// <param name="IsProbe">Whether it goes first after a pause.</param>
internal readonly record struct Admission(long StartedAt, bool IsProbe);

/// <summary>Represents how long a caller waits for an origin that makes no progress.</summary>
/// <param name="Since">When the caller began: earlier time does not count.</param>
/// <param name="Limit">The longest time without progress.</param>
/// <param name="MinFailures">The number of failures before which no origin is given up.</param>
internal sealed record OriginPatience(DateTimeOffset Since, TimeSpan Limit, int MinFailures);
