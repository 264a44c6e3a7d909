using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>An export that was kicked off: what a later process needs to go on with it, and no secret and no patient.</summary>
/// <remarks>
/// Survives <c>Export-Clixml</c> and <c>ConvertTo-Json</c>. The connection rides along inside the process only.
/// Lists are arrays: PowerShell cannot index the read-only lists that the compiler makes of collection expressions.
/// </remarks>
public class ExportJob
{
    /// <summary>Makes a job.</summary>
    public ExportJob()
    {
    }

    internal ExportJob(ExportJob job)
    {
        StatusUrl = job.StatusUrl;
        GroupId = job.GroupId;
        Server = job.Server;
        StartedAt = job.StartedAt;
        AcceptedAt = job.AcceptedAt;
        PatientCount = job.PatientCount;
        Types = job.Types ?? [];
        Parameters = job.Parameters ?? [];
        Since = job.Since;
        Fingerprint = job.Fingerprint;
        Scope = job.Scope;
        RequestId = job.RequestId;
        CorrelationId = job.CorrelationId;
        RedoxLogIds = job.RedoxLogIds ?? [];
        PreferenceApplied = job.PreferenceApplied;
        JobFile = job.JobFile;
        Connection = job.Connection;
        Sent = job.Sent;
    }

    /// <summary>Where the server tells the status of the job (the kick-off's Content-Location).</summary>
    public string StatusUrl { get; init; } = "";

    /// <summary>The group that is exported; null for a job known by its status URL only.</summary>
    public string? GroupId { get; init; }

    /// <summary>The FHIR base of the server; null for a job known by its status URL only.</summary>
    public string? Server { get; init; }

    /// <summary>When the kick-off was sent, in UTC.</summary>
    public DateTime? StartedAt { get; init; }

    /// <summary>Gets when the server accepted the kick-off, by its own clock in UTC (the Date header of its answer); null if unknown.</summary>
    public DateTime? AcceptedAt { get; init; }

    /// <summary>How many patients the request named; 0 means the whole group.</summary>
    public int PatientCount { get; init; }

    /// <summary>The resource types that were asked for; empty means all.</summary>
    public string[] Types { get; init; } = [];

    /// <summary>The names of the parameters that were sent, without their values.</summary>
    public string[] Parameters { get; init; } = [];

    /// <summary>Gets the instant since which changes were requested (<c>_since</c>), verbatim; null for an export of everything.</summary>
    public string? Since { get; init; }

    /// <summary>A salted hash of the request, <c>salt.hash</c>: tells whether another request asks for the same.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// A salted hash of what is exported but for patients and the span of time, <c>salt.hash</c>: tells whether a later export can go on from this one
    /// (<c>New-GroupExport -Since folder</c>).
    /// </summary>
    public string? Scope { get; init; }

    /// <summary>The server's id of the kick-off request (X-Request-Id), for its support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>The server's correlation id of the kick-off (X-Correlation-Id).</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The ids of the kick-off in the Redox dashboard.</summary>
    public string[] RedoxLogIds { get; init; } = [];

    /// <summary>What the server says it heeded of the request's preferences (Preference-Applied), such as <c>respond-async, handling=lenient</c>; null when it does not say.</summary>
    public string? PreferenceApplied { get; init; }

    /// <summary>The path of the file that tells how far this job is (<c>New-GroupExport -JobFile</c>); null when there is none.</summary>
    public string? JobFile { get; init; }

    /// <summary>The name of this export in audit logs (<c>-LogPath</c>), made of the status URL: the same in every process.</summary>
    public string ExportId => Jobs.ExportId.Of(StatusUrl ?? "");

    internal GroupExportConnection? Connection { get; init; }

    /// <summary>What the request told about patients, to be taken out of the server's words; null in another process than the one that sent it.</summary>
    internal SentValues? Sent { get; init; }

    /// <summary>The same job with empty lists where a serializer left null.</summary>
    internal ExportJob WithLists() => new(this);

    /// <summary>Gets the status URL as requests need it.</summary>
    /// <exception cref="ExportException">It is not a URL that can be requested.</exception>
    internal Uri StatusUri => ServerUrl.Of(StatusUrl ?? "").Uri;

    /// <summary>Gets the group for a sentence.</summary>
    internal string GroupName => string.IsNullOrEmpty(GroupId) ? "(unknown)" : GroupId;

    /// <summary>Names the group and the job's place, without its query.</summary>
    public override string ToString() => $"{GroupId ?? "export"} at {ShownUri.OfText(StatusUrl ?? "")}";
}
