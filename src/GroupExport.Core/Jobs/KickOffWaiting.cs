namespace GroupExport.Jobs;

/// <summary>A kick-off was turned away, started nothing, and will be sent again.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Reason">Why it was turned away.</param>
/// <param name="Delay">How long until it is sent again.</param>
internal sealed record KickOffWaiting(string GroupId, string Reason, TimeSpan Delay) : ExportEvent;
