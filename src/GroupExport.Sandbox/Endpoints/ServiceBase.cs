using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>How a kick-off at a base is written.</summary>
internal enum RequestStyle
{
    Redox,
    Fhir,
}

/// <summary>A base path below which exports are offered.</summary>
/// <param name="Path">Without a slash at the end.</param>
/// <param name="Style">What a kick-off there looks like.</param>
/// <param name="Spec">The version of the standard that holds there.</param>
internal sealed record ServiceBase(string Path, RequestStyle Style, SpecRules Spec)
{
    public const string StatusSegment = "bulk-status";
    public const string FileSegment = "bulk-files";

    /// <summary>Where redirects within the same origin lead.</summary>
    public const string StoredFileSegment = "bulk-storage";

    /// <summary>Where HAPI FHIR tells how a job is.</summary>
    public const string PollSegment = "$export-poll-status";

    /// <summary>The parameter of <see cref="PollSegment"/> that names the job.</summary>
    public const string PollParameter = "_jobId";

    public string StatusPath(string jobId) => $"{Path}/{StatusSegment}/{jobId}";

    public string PollPath(string jobId) => $"{Path}/{PollSegment}?{PollParameter}={jobId}";

    /// <summary>The status as a resource that is named below the service's root, as Google does it.</summary>
    public string StatusName(string jobId) => $"projects/{StatusPath(jobId).Split("/projects/", 2)[^1].TrimStart('/')}";

    public string FilePath(string jobId, string fileName) => $"{Path}/{FileSegment}/{jobId}/{fileName}";

    public string StoredFilePath(string jobId, string fileName) => $"{Path}/{StoredFileSegment}/{jobId}/{fileName}";
}
