using System.Runtime.InteropServices;

namespace GroupExport.Disk;

/// <summary>Makes the names in a folder survive a power cut. On Unix a file's own flush does not do that (fsync(2)); on Windows the file system's journal does.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(path, ReadOnly);
        if (descriptor >= 0)
        {
            // File systems that cannot do it say so; there is nothing better to be done then.
            _ = FlushDescriptor(descriptor);
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FlushDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
