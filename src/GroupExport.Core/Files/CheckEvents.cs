namespace GroupExport.Files;

/// <summary>A file was looked at.</summary>
internal sealed record FileChecked(FileCheck Check) : ExportEvent;

/// <summary>How far the check of one folder is.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="FilesDone">Files that were read.</param>
/// <param name="FilesTotal">Files that are to be read.</param>
/// <param name="Bytes">Bytes of content that were read.</param>
/// <param name="BytesTotal">Bytes of content that are to be read by the receipt; what was read, once that is more.</param>
/// <param name="Elapsed">The time since the check began.</param>
internal sealed record Checking(string Folder, int FilesDone, int FilesTotal, long Bytes, long BytesTotal, TimeSpan Elapsed) : ExportEvent;
