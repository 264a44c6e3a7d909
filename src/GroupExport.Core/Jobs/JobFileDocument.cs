using System.Text.Json.Serialization;

namespace GroupExport.Jobs;

/// <summary>The content of a job file: how far an export is. It holds no patient, no filter value and no secret.</summary>
internal sealed record JobFileDocument
{
    public int Version { get; init; } = NewestVersion;

    public required string State { get; init; }

    /// <summary>When it came to be so, in UTC.</summary>
    public DateTime ChangedAt { get; init; }

    public string? GroupId { get; init; }

    public string? Server { get; init; }

    /// <summary>Tells whether another request asks for the same (<see cref="Requests.RequestFingerprint"/>); the salt is part of it.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The job; null as long as none is known.</summary>
    public ExportJob? Job { get; init; }

    /// <summary>Where the files were saved.</summary>
    public string? Folder { get; init; }

    /// <summary>The kind of the failure.</summary>
    public string? Reason { get; init; }

    internal const int NewestVersion = 1;

    /// <summary>A kick-off is about to be sent, or was sent and nobody knows what came of it.</summary>
    internal const string Sending = "Sending";

    /// <summary>The server accepted it.</summary>
    internal const string Running = "Running";

    /// <summary>All files are saved.</summary>
    internal const string Saved = "Saved";

    /// <summary>No export was started, or it failed, or the server knows it no more.</summary>
    internal const string Failed = "Failed";

    /// <summary>It was removed from the server.</summary>
    internal const string Deleted = "Deleted";

    internal static IReadOnlyList<string> States { get; } = [Sending, Running, Saved, Failed, Deleted];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(JobFileDocument))]
internal sealed partial class JobFileJson : JsonSerializerContext;
