using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>A file is done: saved, already there, kept aside or failed.</summary>
internal sealed record FileDone(SavedFile File) : ExportEvent;

/// <summary>A file is about to be asked for, once a run however many attempts it takes.</summary>
internal sealed record FileAsked(ExportFile File) : LoggedEvent;

/// <summary>A file that was asked for is verified and on disk.</summary>
internal sealed record FileKept(ExportFile File, ReceiptEntry Entry) : LoggedEvent;

/// <summary>A file that was asked for was given up, or is not what was promised.</summary>
internal sealed record FileLost(ExportFile File, ExportException Failure) : LoggedEvent;

/// <summary>Nothing of the export is missing on disk.</summary>
internal sealed record ExportSaved(ReceiptDocument Receipt) : LoggedEvent;

/// <summary>Something failed, and the rest goes on.</summary>
internal sealed record Failure(ExportException Exception) : ExportEvent;

/// <summary>How far the files of one job are.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="StatusUrl">The job.</param>
/// <param name="FilesDone">Files that are done.</param>
/// <param name="FilesTotal">Files of the manifest that this run saves.</param>
/// <param name="Bytes">Bytes of content that came so far.</param>
/// <param name="Share">The share of the whole that is there, 0 to 1, by size, count or number of files, whichever the manifest tells.</param>
/// <param name="Elapsed">The time since the first file was asked for.</param>
/// <param name="Active">The files that are under way.</param>
internal sealed record Saving(string? GroupId, string StatusUrl, int FilesDone, int FilesTotal, long Bytes, double Share, TimeSpan Elapsed, IReadOnlyList<SavingFile> Active) : ExportEvent;

/// <summary>How far one file is.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Bytes">Bytes of content that came so far.</param>
/// <param name="Total">Bytes that are to come in all; null when nobody says.</param>
internal sealed record SavingFile(string Name, long Bytes, long? Total);
