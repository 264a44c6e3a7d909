namespace GroupExport.Files;

/// <summary>What a look at one file of an export's folder found.</summary>
public sealed class FileCheck
{
    /// <summary>The name inside the folder.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>output</c>, <c>deleted</c> or <c>error</c>; null for what the receipt does not know.</summary>
    public string? Kind { get; init; }

    /// <summary>The resource type that the manifest states; null when it states none.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// <c>Intact</c>; <c>Changed</c>: not as it was saved, or not to be read; <c>Missing</c>: saved, and no longer there;
    /// <c>NotSaved</c>: still to be fetched; <c>Invalid</c>: kept aside, because it is not what the server promised;
    /// <c>Stray</c>: nothing that the receipt knows.
    /// </summary>
    public string State { get; init; } = "";

    /// <summary>Whether it is intact.</summary>
    public bool Passed => State == Intact;

    /// <summary>How many resources (lines that are not blank) were found; null when they were not counted.</summary>
    public long? Count { get; init; }

    /// <summary>The size of the content that was found, in bytes (of a stray its size on disk); null when it was not read to its end.</summary>
    public long? Bytes { get; init; }

    /// <summary>The SHA-256 of the content that was found, in lower-case hexadecimal; null when it was not read to its end.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What is wrong, in words; empty when nothing is.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The full path.</summary>
    public string Path { get; init; } = "";

    /// <summary>The group that was exported.</summary>
    public string? GroupId { get; init; }

    /// <summary>Name, state and detail in a line.</summary>
    public override string ToString() => Detail.Length == 0 ? $"{Name}: {State}" : $"{Name}: {State}, {Detail}";

    internal const string Intact = "Intact";
    internal const string Changed = "Changed";
    internal const string Missing = "Missing";
    internal const string NotSaved = "NotSaved";
    internal const string Invalid = "Invalid";
    internal const string Stray = "Stray";
}
