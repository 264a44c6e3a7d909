using System.Text;
using GroupExport.Disk;

namespace GroupExport.Files;

/// <summary>Tells an audit log by how it begins, so that no line of one is ever added to a receipt, a job file, a key or data.</summary>
internal static class LogBeginning
{
    private const string Expected = "{\"exportId\":";
    private const int EnoughBytes = 64;

    /// <summary>Whether a file is there that holds something else. One that is empty, holds only the beginning of a line or cannot be read passes.</summary>
    public static bool IsOfSomethingElse(string path) => BeginningOf(path) is { } begun
        && !begun.StartsWith(Expected, StringComparison.Ordinal) && !Expected.StartsWith(begun, StringComparison.Ordinal);

    /// <summary>Determines whether a file is an audit log.</summary>
    public static bool IsOfAuditLog(string path) => BeginningOf(path)?.StartsWith(Expected, StringComparison.Ordinal) == true;

    /// <summary>The first characters that are not white space; null if there is nothing that can be read.</summary>
    private static string? BeginningOf(string path)
    {
        // What is no file, such as a pipe or a device, has no length, and reading from it may never end.
        if (new FileInfo(path) is not { Exists: true, Length: > 0 } || OrdinaryFile.IsPipe(path))
        {
            return null;
        }

        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            byte[] begun = new byte[EnoughBytes];
            string text = Encoding.UTF8.GetString(begun, 0, stream.ReadAtLeast(begun, EnoughBytes, throwOnEndOfStream: false));
            return string.Concat(text.TrimStart('\uFEFF').Where(character => !char.IsWhiteSpace(character)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A log may well be one that this user can add to and not read.
            return null;
        }
    }
}
