using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>How the files of an export are saved.</summary>
internal sealed record SaveOptions
{
    /// <summary>How many files are fetched at once, over all jobs that share <see cref="Slots"/>.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>The places that all jobs of one run share.</summary>
    public required SemaphoreSlim Slots { get; init; }

    public Validation Validation { get; init; } = Validation.Count;

    public TransientRetry Retry { get; init; } = TransientRetry.Default;

    public WaitOptions Wait { get; init; } = new();
}
