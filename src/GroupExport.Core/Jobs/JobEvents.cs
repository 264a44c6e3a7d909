using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>A kick-off was sent, or could not be: what came of it.</summary>
internal sealed record KickOffAnswered(ExportRequest Request, KickOffMessage Message, KickOffAnswer Answer) : LoggedEvent;

/// <summary>A status request was answered, or failed in a way that may pass.</summary>
internal sealed record StatusAnswered(StatusAnswer Answer) : LoggedEvent;

/// <summary>A status request failed for good.</summary>
internal sealed record StatusRefused(ExportException Failure) : LoggedEvent;
