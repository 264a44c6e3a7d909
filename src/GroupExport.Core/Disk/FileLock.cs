namespace GroupExport.Disk;

/// <summary>
/// The operating system's lock on a file, which goes with its process. The file itself stays: deleting it would let two processes lock two
/// files of one name.
/// </summary>
internal static class FileLock
{
    /// <summary>The lock; null when somebody else has it.</summary>
    /// <exception cref="IOException">Something else is wrong, as with <see cref="UnauthorizedAccessException"/>.</exception>
    public static FileStream? TryTake(string path)
    {
        OrdinaryFile.Require(path);
        try
        {
            return PrivateFiles.Open(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException fault) when (IsHeld(fault))
        {
            return null;
        }
    }

    /// <summary>Whether somebody holds the lock, and not something else is wrong: sharing or lock violation on Windows, EWOULDBLOCK of Linux and macOS.</summary>
    private static bool IsHeld(IOException fault) => OperatingSystem.IsWindows()
        ? (fault.HResult & 0xFFFF) is 32 or 33
        : fault.HResult is 11 or 35;
}
