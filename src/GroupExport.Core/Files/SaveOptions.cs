using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>How the files of exports are saved; shared by all jobs of one run.</summary>
internal sealed record SaveOptions
{
    /// <summary>How many files are fetched at once, over all jobs that share <see cref="Slots"/>.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>The places that all jobs of one run share.</summary>
    public required SemaphoreSlim Slots { get; init; }

    public Validation Validation { get; init; } = Validation.Full;

    /// <summary>The longest line that is taken for one, in bytes.</summary>
    public long MaxLineBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Whether files are stored as <c>.ndjson.gz</c>.</summary>
    public bool Compress { get; init; }

    /// <summary>Whether what an earlier run saved is fetched again.</summary>
    public bool Force { get; init; }

    /// <summary>Whether files that were kept aside are fetched again.</summary>
    public bool RetryInvalid { get; init; }

    /// <summary>The time a body may go without a byte; null means the connection's.</summary>
    public TimeSpan? StallTimeout { get; init; }

    public TransientRetry Retry { get; init; } = TransientRetry.Default;

    public WaitOptions Wait { get; init; } = new();
}
