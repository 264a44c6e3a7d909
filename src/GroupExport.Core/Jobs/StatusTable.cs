using static GroupExport.Jobs.StatusBody;

namespace GroupExport.Jobs;

/// <summary>Specifies what one answer to a status request means for the job.</summary>
internal enum StatusVerdict
{
    /// <summary>The export runs.</summary>
    Running,

    /// <summary>The export is complete and its manifest came.</summary>
    Complete,

    /// <summary>The export is complete and has no data.</summary>
    Empty,

    /// <summary>The export failed.</summary>
    Failed,

    /// <summary>The answer says nothing about the job: poll again.</summary>
    Unavailable,

    /// <summary>The server may not know the new job everywhere yet: poll again.</summary>
    NotKnownYet,

    /// <summary>The server no longer knows the job.</summary>
    NotFound,

    /// <summary>The request was not authorized.</summary>
    Unauthorized,

    /// <summary>The client is not allowed to see the job.</summary>
    Denied,

    /// <summary>The server says that the export is complete, without a manifest that can be used.</summary>
    NoManifest,
}

/// <summary>
/// Decides what an answer to a status request means: status, body and the answers before it. This is the whole policy; docs/status.md has it for people.
/// </summary>
internal static class StatusTable
{
    /// <summary>Returns the meaning of an answer.</summary>
    /// <param name="reading">The answer.</param>
    /// <param name="history">The answers so far, this one included.</param>
    public static StatusVerdict Decide(StatusReading reading, StatusHistory history) => (reading.StatusCode, reading.Body) switch
    {
        _ when reading.IsSeparateFailure => reading.Answer.SaysTransient ? StatusVerdict.Unavailable : StatusVerdict.Failed,
        (202, _) => StatusVerdict.Running,

        (200 or 204, Empty) => history.IsConfirmedEmpty ? StatusVerdict.Empty : StatusVerdict.Unavailable,
        (200, Manifest) => StatusVerdict.Complete,
        (200, Running) => StatusVerdict.Running,
        (200, Foreign or Unusable) => StatusVerdict.NoManifest,
        (200, Explanation) when !reading.Answer.SaysTransient => StatusVerdict.NoManifest,

        // The network, a gateway or a busy server: nothing of the job.
        (< 400 or 408 or 429 or 502 or 503 or 504, _) => StatusVerdict.Unavailable,
        (_, Page) => StatusVerdict.Unavailable,
        _ when reading.Answer.SaysTransient => StatusVerdict.Unavailable,

        (401, _) => reading.IsOfDestination ? StatusVerdict.Denied : StatusVerdict.Unauthorized,
        (403, _) => StatusVerdict.Denied,
        (404, _) => history.IsNew ? StatusVerdict.NotKnownYet : StatusVerdict.NotFound,
        (410, _) => StatusVerdict.NotFound,

        // A node that crashes says the same text once or twice, too.
        (>= 500, Explanation) => StatusVerdict.Failed,
        (>= 500, Text or Foreign or Running) => history.IsRepeated ? StatusVerdict.Failed : StatusVerdict.Unavailable,
        (>= 500, _) => StatusVerdict.Unavailable,
        _ => StatusVerdict.Failed,
    };
}
