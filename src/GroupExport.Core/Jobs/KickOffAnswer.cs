using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>What came of sending a kick-off once.</summary>
/// <param name="Job">The job; null when there is none, or none that can be followed.</param>
/// <param name="Failure">Why there is none; null when there is one.</param>
/// <param name="IsCertain">Whether it is certain that no job was started, so that sending it again cannot double it.</param>
internal sealed record KickOffAnswer(ExportJob? Job, ExportException? Failure = null, bool IsCertain = false)
{
    /// <summary>Whether the same request may fare better later; only ever where <see cref="IsCertain"/>.</summary>
    public bool MayPass { get; init; }

    /// <summary>Whether the server itself, and not the way to it, said "later".</summary>
    public bool IsTurnedAway { get; init; }

    /// <summary>The headers of the answer that may be shown; empty when none came.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = Failure?.AnswerHeaders ?? ShownHeaders.None;

    /// <summary>Gets what a person should know of a job that was accepted in an unusual way.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The wait that the server asks for; null when it asks for none, or for nonsense.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
