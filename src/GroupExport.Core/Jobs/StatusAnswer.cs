using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>What came of one status request.</summary>
/// <param name="Status">The job as far as it is known.</param>
/// <param name="RetryAfter">The wait that the server asks for, or null.</param>
/// <param name="Trouble">Why the request failed without saying anything about the job; null when it did not fail.</param>
internal sealed record StatusAnswer(ExportStatus Status, TimeSpan? RetryAfter = null, string? Trouble = null)
{
    /// <summary>The answer that says so, where one came and was no status or manifest.</summary>
    public ServerAnswer? Refusal { get; init; }

    /// <summary>Gets when the trouble began; null if it is no older than the answer.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether nothing more will come of asking again.</summary>
    public bool IsFinal => Trouble is null && Status.State != ExportStatus.InProgress;
}
