using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GroupExport.Disk;

/// <summary>
/// Decides what may be opened: ordinary files. A link leads to what this module did not write, and opening a pipe waits for its other end, where
/// Ctrl+C does not reach.
/// </summary>
internal static partial class OrdinaryFile
{
    private const int FromHere = 1;
    private static readonly int s_nonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
    private static readonly int s_closeOnExecute = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Returns what is in the place of a file, such as <c>is a link</c>; <c>null</c> if it is a file or does not exist.</summary>
    public static string? ObstacleAt(string path)
    {
        if (IsLink(path))
        {
            return "is a link, which is not followed";
        }

        if (Directory.Exists(path))
        {
            return "is a folder";
        }

        return IsPipe(path) ? "is a pipe and no file" : null;
    }

    /// <summary>Determines whether a path names a link, wherever it leads.</summary>
    public static bool IsLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is not null;
        }
        catch (IOException)
        {
            // A name that no file system takes is not a link.
            return false;
        }
    }

    /// <summary>Determines whether a path names a pipe or a terminal. On Windows these have places of their own, which no path of a folder leads to.</summary>
    public static bool IsPipe(string path)
    {
        // They have no length, and most files have one.
        if (OperatingSystem.IsWindows() || new FileInfo(path) is not { Exists: true, Length: 0 })
        {
            return false;
        }

        int descriptor = Open(path, s_nonBlocking | s_closeOnExecute);
        if (descriptor < 0)
        {
            return false;
        }

        using SafeFileHandle handle = new(descriptor, ownsHandle: true);
        return Seek(handle, 0, FromHere) < 0;
    }

    /// <summary>Throws unless a path names a file or nothing.</summary>
    /// <exception cref="IOException">It names something else.</exception>
    public static void Require(string path)
    {
        if (ObstacleAt(path) is { } obstacle)
        {
            throw new IOException($"{Path.GetFileName(path)} {obstacle}");
        }
    }

    /// <summary>Returns the content of a file while another process may write to it. Of what has no length nothing is read: a device never ends.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="maxBytes">The most that is held.</param>
    /// <exception cref="IOException">It is not a file, cannot be read, or is larger; as with <see cref="UnauthorizedAccessException"/>.</exception>
    public static byte[] ReadAll(string path, int maxBytes)
    {
        Require(path);
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (stream.Length > maxBytes)
        {
            throw new IOException($"{Path.GetFileName(path)} is larger than {maxBytes:N0} bytes");
        }

        byte[] content = new byte[stream.Length];
        int read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return read == content.Length ? content : content[..read];
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle handle, long offset, int whence);
}
