namespace GroupExport.Jobs;

/// <summary>A job is not complete yet and will be asked for again.</summary>
/// <param name="Status">What the server said.</param>
/// <param name="NextPoll">When it is asked next.</param>
/// <param name="Delay">How long that is from now.</param>
internal sealed record Waiting(ExportStatus Status, DateTimeOffset NextPoll, TimeSpan Delay) : ExportEvent;
