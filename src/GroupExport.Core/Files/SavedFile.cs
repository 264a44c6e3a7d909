namespace GroupExport.Files;

/// <summary>One file of an export on disk.</summary>
public sealed class SavedFile
{
    /// <summary><c>output</c>, <c>deleted</c> or <c>error</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The resource type that the manifest states; null when it states none.</summary>
    public string? Type { get; init; }

    /// <summary><c>Saved</c>, <c>AlreadySaved</c> (by an earlier run), <c>Invalid</c> (kept aside), <c>Failed</c>, <c>Planned</c>, or <c>Missing</c> (no longer there as it was saved).</summary>
    public string State { get; init; } = "";

    /// <summary>How many resources (lines that are not blank) it holds; null when they were not counted.</summary>
    public long? Count { get; init; }

    /// <summary>The size of its content in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Its size on disk in bytes; smaller than <see cref="Bytes"/> when it was saved with -Compress.</summary>
    public long StoredBytes { get; init; }

    /// <summary>The SHA-256 of its content, in lower-case hexadecimal.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What proved that it came whole: <c>Count</c> (the manifest's), <c>Length</c>, <c>ChunkEnd</c>, <c>Gzip</c>, or <c>Unproven</c>; null before it was saved.</summary>
    public string? ProvedBy { get; init; }

    /// <summary>
    /// Gets what the file was decoded from beyond its Content-Encoding: <c>gzip</c> for an object that was stored as gzip, <c>Binary</c> for a FHIR Binary
    /// resource, or several, from the outside; null when it was decoded from nothing else.
    /// </summary>
    public string? DecodedFrom { get; init; }

    /// <summary>The full path.</summary>
    public string Path { get; init; } = "";

    /// <summary>The name inside the folder.</summary>
    public string Name { get; init; } = "";

    /// <summary>How long fetching it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>How often it was asked for.</summary>
    public int Attempts { get; init; }

    /// <summary>How many bytes the last attempt found already there, from an attempt before it.</summary>
    public long ResumedBytes { get; init; }

    /// <summary>How many lines are no JSON object of the right type, or too long; the error that was reported names the first of them.</summary>
    public long BadLines { get; init; }

    /// <summary>The name of the file that goes on with the last block of this one, in organized output; else null.</summary>
    public string? ContinuesIn { get; init; }

    /// <summary>The group that was exported.</summary>
    public string? GroupId { get; init; }

    /// <summary>The status URL of the job it belongs to.</summary>
    public string StatusUrl { get; init; } = "";

    /// <summary>The full path.</summary>
    public override string ToString() => Path;
}
