namespace GroupExport.Jobs;

/// <summary>A job and what the server last said of it.</summary>
public sealed class ExportStatus : ExportJob
{
    /// <summary>Makes the status of a job.</summary>
    public ExportStatus()
    {
    }

    internal ExportStatus(ExportJob job)
        : base(job)
    {
    }

    /// <summary>The same status with other files.</summary>
    internal ExportStatus(ExportStatus status, ExportFile[] files, string? transactionTime = null)
        : base(status)
    {
        State = status.State;
        Progress = status.Progress;
        RetryAfterSeconds = status.RetryAfterSeconds;
        CheckedAt = status.CheckedAt;
        TransactionTime = transactionTime ?? status.TransactionTime;
        Expires = status.Expires;
        RequiresAccessToken = status.RequiresAccessToken;
        OutputOrganizedBy = status.OutputOrganizedBy;
        Files = files;
        ManifestTexts = status.ManifestTexts;
        EmptyTypes = status.EmptyTypes;
    }

    /// <summary><c>InProgress</c>, <c>Complete</c> or <c>Failed</c>.</summary>
    public string State { get; init; } = InProgress;

    /// <summary>The server's own words about its progress (X-Progress), or why it failed.</summary>
    public string? Progress { get; init; }

    /// <summary>How long the server asks to wait before the next status request, in seconds; null when it does not say.</summary>
    public double? RetryAfterSeconds { get; init; }

    /// <summary>When this was asked, in UTC.</summary>
    public DateTime? CheckedAt { get; init; }

    /// <summary>The server's time of the query, verbatim: the <c>_since</c> of a next, incremental export.</summary>
    public string? TransactionTime { get; init; }

    /// <summary>When the files go away, in UTC (the Expires header), or null.</summary>
    public DateTime? Expires { get; init; }

    /// <summary>Whether files want the access token; null when the server does not say.</summary>
    public bool? RequiresAccessToken { get; init; }

    /// <summary>The resource type that organizes the output, or null.</summary>
    public string? OutputOrganizedBy { get; init; }

    /// <summary>How many resources the output files hold, by the manifest's counts; null when a file has none.</summary>
    public long? ResourceCount => Files.Any(file => file.Kind == ExportFile.Output && file.Count is null)
        ? null
        : (long)Math.Min(long.MaxValue, Files.Where(file => file.Kind == ExportFile.Output).Sum(file => (decimal)file.Count!.Value));

    /// <summary>The files of a complete export; those that are ready so far while it runs, where the server shows them (allowPartialManifests).</summary>
    public ExportFile[] Files { get; init; } = [];

    /// <summary>The pages of the manifest as they came; for the process that asked only.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> ManifestTexts { get; init; } = [];

    /// <summary>Gets the types of which the manifest says that there is nothing, without a file; for the process that asked only.</summary>
    internal IReadOnlyList<string> EmptyTypes { get; init; } = [];

    /// <summary>The failure that a failed export is.</summary>
    internal ExportException ToFailure() => new(
        ExportErrorKind.ExportFailed,
        $"The server ended the export of group {GroupName} with an error ({Progress}). There is nothing to save; correct the request and start a new one.")
    {
        Subject = this,
        ServerMessage = Progress,
        RedoxLogIds = RedoxLogIds,
    };

    internal const string InProgress = "InProgress";
    internal const string Complete = "Complete";
    internal const string Failed = "Failed";
}
