namespace GroupExport.Requests;

/// <summary>A log entry of the Redox envelope.</summary>
/// <param name="Id">UUID of the log (<c>ID</c> on the wire), or null.</param>
/// <param name="AttemptId">UUID of the attempt (<c>AttemptID</c> on the wire), or null.</param>
public sealed record RedoxLog(string? Id, string? AttemptId);
