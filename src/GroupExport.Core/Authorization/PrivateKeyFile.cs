using System.Security;

namespace GroupExport.Authorization;

/// <summary>The text of a key file, and whether others can read it too.</summary>
internal sealed class PrivateKeyFile
{
    /// <summary>A JWK Set of a hundred large keys is smaller.</summary>
    private const int LongestBytes = 1024 * 1024;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private PrivateKeyFile(string text, bool isOpenToOthers)
    {
        Text = text;
        IsOpenToOthers = isOpenToOthers;
    }

    /// <summary>What the file holds; binary content shows as replacement characters, which <see cref="KeyReader"/> recognizes.</summary>
    public string Text { get; }

    /// <summary>On Unix, whether its mode gives group or others any right; false on Windows, where nothing is checked.</summary>
    public bool IsOpenToOthers { get; }

    /// <summary>Reads the file.</summary>
    /// <param name="path">A path of the file system.</param>
    /// <exception cref="ExportException">KeyFileUnreadable.</exception>
    public static PrivateKeyFile Read(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > LongestBytes)
            {
                throw Fault(path, "is too large for a key");
            }

            // Of the open file, so that a link counts by what it leads to.
            bool open = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) != 0;
            using StreamReader reader = new(stream);
            return new PrivateKeyFile(reader.ReadToEnd(), open);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Fault(path, "does not exist");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException)
        {
            throw Fault(path, Directory.Exists(path) ? "is a folder" : "cannot be read by this user or is in use");
        }
    }

    /// <summary>Never the text.</summary>
    public override string ToString() => IsOpenToOthers ? "Key file, open to others" : "Key file";

    private static ExportException Fault(string path, string what) =>
        new(ExportErrorKind.KeyFileUnreadable, $"The key file {path} {what}.") { Subject = path };
}
