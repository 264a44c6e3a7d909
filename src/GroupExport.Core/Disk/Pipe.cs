using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GroupExport.Disk;

/// <summary>Tells pipes from files: who opens a pipe to read waits for a writer, and cannot be stopped meanwhile.</summary>
internal static partial class Pipe
{
    private const int FromHere = 1;
    private static readonly int s_nonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;
    private static readonly int s_closeOnExecute = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Whether a path names a pipe or a terminal. On Windows these have places of their own, which no path of a folder leads to.</summary>
    public static bool IsAt(string path)
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

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle handle, long offset, int whence);
}
