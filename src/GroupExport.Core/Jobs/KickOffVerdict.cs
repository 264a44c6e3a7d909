namespace GroupExport.Jobs;

/// <summary>Specifies what the answer of a kick-off means. Those that share an error id differ in what a person should do.</summary>
internal enum KickOffVerdict
{
    /// <summary>An export was started.</summary>
    Job,

    /// <summary>An export was started, and it cannot be followed.</summary>
    StatusUrlMissing,

    /// <summary>The server answered with something else than a job, and names a URL: an export may be running.</summary>
    OtherResult,

    /// <summary>Something on the way answered in place of the server: an export may be running.</summary>
    Unanswered,

    /// <summary>The server broke down: an export may be running.</summary>
    BrokenDown,

    /// <summary>The access token was rejected.</summary>
    TokenRejected,

    /// <summary>The client is not allowed to do this.</summary>
    AccessDenied,

    /// <summary>No further export is started now.</summary>
    AlreadyRunning,

    /// <summary>The server is not available, and says until when.</summary>
    Unavailable,

    /// <summary>The server redirects.</summary>
    Redirected,

    /// <summary>The server did something else than to start an export.</summary>
    NotBulkData,

    /// <summary>The server refused the request.</summary>
    Rejected,
}
