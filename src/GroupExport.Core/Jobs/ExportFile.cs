using GroupExport.Connections;
using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>One file of a complete export, as the manifest lists it.</summary>
public sealed class ExportFile
{
    /// <summary><c>output</c>, <c>deleted</c> or <c>error</c>.</summary>
    public string Kind { get; init; } = Output;

    /// <summary>The resource type that the manifest states; null when it states none.</summary>
    public string? Type { get; init; }

    /// <summary>The name that the file gets in the folder; the same in every run.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many resources the file holds, by the manifest; null when it does not say.</summary>
    public long? Count { get; init; }

    /// <summary>The size in bytes, by the manifest; null when it does not say.</summary>
    public long? FileSize { get; init; }

    /// <summary>The page of the manifest, from 1.</summary>
    public int Page { get; init; }

    /// <summary>The place in its array on that page, from 0.</summary>
    public int Index { get; init; }

    /// <summary>The name of the file that goes on with the last block of this one, in organized output; else null.</summary>
    public string? ContinuesIn { get; init; }

    /// <summary>Where the file is; empty when the manifest states no URL. Its query can be a signature: treat it as a secret.</summary>
    public string Url { get; init; } = "";

    /// <summary>Whether the file wants the access token; null when the server does not say.</summary>
    public bool? RequiresAccessToken { get; init; }

    /// <summary>The status URL of the job it belongs to.</summary>
    public string StatusUrl { get; init; } = "";

    /// <summary>The group that was exported.</summary>
    public string? GroupId { get; init; }

    /// <summary>The FHIR base of the server.</summary>
    public string? Server { get; init; }

    /// <summary>The path of the job file of its job; null when there is none.</summary>
    public string? JobFile { get; init; }

    internal GroupExportConnection? Connection { get; init; }

    internal SentValues? Sent { get; init; }

    /// <summary>Gets how often the manifest lists the file.</summary>
    internal int Listed { get; init; } = 1;

    /// <summary>Gets why the file can't be downloaded, as a clause; null when it can.</summary>
    internal string? Fault { get; init; }

    /// <summary>The same file under another name.</summary>
    internal ExportFile Named(string name, string? continuesIn) => new()
    {
        Kind = Kind,
        Type = Type,
        Name = name,
        Count = Count,
        FileSize = FileSize,
        Page = Page,
        Index = Index,
        ContinuesIn = continuesIn,
        Url = Url,
        RequiresAccessToken = RequiresAccessToken,
        StatusUrl = StatusUrl,
        GroupId = GroupId,
        Server = Server,
        JobFile = JobFile,
        Connection = Connection,
        Sent = Sent,
        Listed = Listed,
        Fault = Fault,
    };

    /// <summary>The name, and nothing of the URL.</summary>
    public override string ToString() => Name;

    internal const string Output = "output";
    internal const string Deleted = "deleted";
    internal const string Error = "error";
}
