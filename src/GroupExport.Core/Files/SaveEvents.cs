namespace GroupExport.Files;

/// <summary>A file is done: saved, already there, kept aside or failed.</summary>
internal sealed record FileDone(SavedFile File) : ExportEvent;

/// <summary>Something failed, and the rest goes on.</summary>
internal sealed record Failure(ExportException Exception) : ExportEvent;

/// <summary>How far the files of one job are.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="StatusUrl">The job.</param>
/// <param name="FilesDone">Files that are done.</param>
/// <param name="FilesTotal">Files of the manifest that this run saves.</param>
/// <param name="Bytes">Bytes that came so far.</param>
/// <param name="Elapsed">The time since the first file was asked for.</param>
internal sealed record Saving(string? GroupId, string StatusUrl, int FilesDone, int FilesTotal, long Bytes, TimeSpan Elapsed) : ExportEvent;
