using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>What a folder holds of an export: its <c>export.json</c> and journal as one object. It is a job too, so that an unfinished one can be gone on with.</summary>
public sealed class ExportReceipt : ExportJob
{
    /// <summary>Makes a receipt.</summary>
    public ExportReceipt()
    {
    }

    internal ExportReceipt(ExportJob job)
        : base(job)
    {
    }

    /// <summary>The folder.</summary>
    public string Path { get; init; } = "";

    /// <summary>
    /// <c>Complete</c>; <c>CompletedWithErrors</c>: all is saved, but the server's message files tell of errors;
    /// <c>Incomplete</c>: run Save-ExportFiles again; <c>Empty</c>: the export has no files.
    /// </summary>
    public string State { get; init; } = Incomplete;

    /// <summary>Gets a value indicating whether the server, asked once more after all files were saved, listed no further file.</summary>
    public bool Confirmed { get; init; }

    /// <summary>The server's time of the query, verbatim; null before the manifest was there.</summary>
    public string? TransactionTime { get; init; }

    /// <summary>When the server's files go away, in UTC; null when it did not say.</summary>
    public DateTime? Expires { get; init; }

    /// <summary>How many files the manifest lists.</summary>
    public int FileCount { get; init; }

    /// <summary>How many of them are saved.</summary>
    public int SavedCount { get; init; }

    /// <summary>How many resources the saved output files hold.</summary>
    public long ResourceCount { get; init; }

    /// <summary>The size of all saved files in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Requested types for which the server listed no file.</summary>
    public string[] TypesWithoutFile { get; init; } = [];

    /// <summary>Issues of severity <c>fatal</c> in the server's message files.</summary>
    public int FatalCount { get; init; }

    /// <summary>Issues of severity <c>error</c> in the server's message files.</summary>
    public int ErrorCount { get; init; }

    /// <summary>Issues of severity <c>warning</c> in the server's message files.</summary>
    public int WarningCount { get; init; }

    /// <summary>Issues of other severities in the server's message files.</summary>
    public int InformationCount { get; init; }

    /// <summary>The files, in the order of the manifest.</summary>
    public SavedFile[] Files { get; init; } = [];

    internal const string Complete = "Complete";
    internal const string CompletedWithErrors = "CompletedWithErrors";
    internal const string Incomplete = "Incomplete";
    internal const string Empty = "Empty";
}
