using GroupExport.Files;

namespace GroupExport.Import;

/// <summary>A file whose lines are read, one stretch after the other.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="IsCompressed">Whether it is gzip.</param>
internal sealed record ImportFile(string Path, bool IsCompressed)
{
    /// <summary>A file by its path: one whose name ends so is gzip.</summary>
    public static ImportFile Of(string path) => new(path, path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase));

    /// <summary>How many resources it held when it was saved, headers of organized output not counted; null when nobody knows.</summary>
    public long? Count { get; init; }

    /// <summary>The SHA-256 of its content when it was saved, in lower-case hexadecimal; null when nobody knows.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What it is called in messages.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <exception cref="ExportException">It is not there, or may not be read (<see cref="ExportErrorKind.FileFailed"/>).</exception>
    public Stream Open()
    {
        try
        {
            return StoredContent.OpenChecked(Path, IsCompressed);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable("cannot be opened", fault);
        }
    }

    /// <summary>What to say when it cannot be read.</summary>
    public ExportException Unreadable(string how, Exception fault) =>
        new(ExportErrorKind.FileFailed, $"{Path} {how}: {fault.Message.TrimEnd('.')}. Test-ExportFiles tells whether it lies there as it was saved.", fault) { Subject = Path };

    /// <summary>What to say when it ends too early.</summary>
    public ExportException CutOff(long lines) =>
        new(ExportErrorKind.FileFailed, $"{Path} ended after {lines} lines; it held {Count} resources when it was saved, so that the rest is missing. Get-ExportReceipt '{System.IO.Path.GetDirectoryName(Path)}' | Save-ExportFiles fetches it anew.") { Subject = Path };

    /// <summary>What to say when all was read and it is not what was saved.</summary>
    public ExportException Changed() =>
        new(ExportErrorKind.InvalidFile, $"{Path} has another SHA-256 than when it was saved: what was read of it is damaged, or was edited. Delete the file; Get-ExportReceipt '{System.IO.Path.GetDirectoryName(Path)}' | Save-ExportFiles then fetches it again.") { Subject = Path };

    /// <summary>What to say of a line that was left out.</summary>
    public ExportException Broken(BrokenLine line) =>
        new(ExportErrorKind.InvalidLine, $"{Path}, line {line.Number} {line.What}. {(line.InPart ? "The others were given." : "It was left out.")}") { Subject = $"{Path}:{line.Number}" };
}
