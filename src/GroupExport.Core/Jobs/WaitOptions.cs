using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>How patiently a job is waited for.</summary>
internal sealed record WaitOptions
{
    /// <summary>How long to wait in all; null means until the export ends.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The shortest wait of the own backoff, when the server sends no Retry-After.</summary>
    public TimeSpan MinPollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait of the own backoff.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A Retry-After beyond this is taken for nonsense.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long status requests may fail one after the other before the waiting is given up.</summary>
    public TimeSpan TransientTimeout { get; init; } = TimeSpan.FromHours(1);

    public TransientRetry PageRetry { get; init; } = TransientRetry.Default;
}
