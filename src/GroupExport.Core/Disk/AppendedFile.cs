using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using Microsoft.Win32.SafeHandles;

namespace GroupExport.Disk;

/// <summary>
/// A file that lines are only ever added to, by any number of threads and processes: each line goes out in one write to a handle that can do
/// nothing but append, so that the operating system puts lines one after the other (O_APPEND, write(2); FILE_APPEND_DATA on Windows).
/// </summary>
/// <remarks>
/// .NET's own <see cref="FileMode.Append"/> looks for the end once and then writes at offsets of its own, over what others have added since (measured).
/// Network file systems without atomic appending (NFS) are for one machine at a time.
/// </remarks>
internal sealed partial class AppendedFile : IDisposable
{
    private const byte LineEnd = (byte)'\n';
    private const int Interrupted = 4;
    private const int WriteOnly = 1;

    private static readonly int s_append = OperatingSystem.IsMacOS() ? 0x8 : 0x400;
    private static readonly int s_closeOnExecute = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Of files it changes nothing; of a pipe that nobody reads it makes an error instead of an endless wait.</summary>
    private static readonly int s_nonBlocking = OperatingSystem.IsMacOS() ? 0x4 : 0x800;

    /// <summary>Longer than one write of a line takes.</summary>
    private static readonly TimeSpan s_oneWrite = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private readonly SafeFileHandle _handle;
    private readonly FileStream? _windows;
    private bool _endsTorn;

    private AppendedFile(string path)
    {
        _endsTorn = EndsTorn(path);
        if (OperatingSystem.IsWindows())
        {
            _windows = OpenOnWindows(path);
            _handle = _windows.SafeFileHandle;
        }
        else
        {
            int descriptor = Open(path, WriteOnly | s_append | s_closeOnExecute | s_nonBlocking);
            _handle = descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LastFault();
        }
    }

    /// <summary>Opens a file, and makes it where there is none: for the current user alone. One that is there keeps its permissions.</summary>
    /// <exception cref="IOException">It cannot be appended to, as with <see cref="UnauthorizedAccessException"/>.</exception>
    public static AppendedFile Open(string path)
    {
        if (!File.Exists(path))
        {
            try
            {
                PrivateFiles.OpenAlone(path, FileMode.CreateNew, FileShare.ReadWrite | FileShare.Delete).Dispose();
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process was faster.
            }
        }

        return new AppendedFile(path);
    }

    /// <summary>Adds a line, its end included. Behind half a line, which a full disk or a kill left, it begins a new one.</summary>
    /// <exception cref="IOException">It was not written, or not the whole of it.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_endsTorn)
            {
                WriteOnce([LineEnd, .. line]);
            }
            else
            {
                WriteOnce(line);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _windows?.Dispose();
            _handle.Dispose();
        }
    }

    private void WriteOnce(ReadOnlySpan<byte> bytes)
    {
        if (_windows is not null)
        {
            _windows.Write(bytes);
            _windows.Flush();
            _endsTorn = false;
            return;
        }

        nint written;
        do
        {
            written = Write(_handle, bytes, bytes.Length);
        }
        while (written < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        if (written < 0)
        {
            throw LastFault();
        }

        // The rest is not sent after it: lines of others may be in between by now.
        _endsTorn = written > 0 && written < bytes.Length;
        if (written < bytes.Length)
        {
            throw new IOException("There is no room for the whole of a line.");
        }
    }

    /// <summary>Half a line may be one that another process is writing just now: only an end that stays so is torn.</summary>
    private static bool EndsTorn(string path)
    {
        long length = -1;
        while (HalfLine(path) is { } end)
        {
            if (end == length)
            {
                return true;
            }

            length = end;
            Thread.Sleep(s_oneWrite);
        }

        return false;
    }

    /// <summary>The length of a file that does not end with a line end; null when it does, or nobody can tell.</summary>
    private static long? HalfLine(string path)
    {
        // Not opened, because a pipe would never be.
        if (new FileInfo(path).Length == 0)
        {
            return null;
        }

        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            long length = stream.Length;
            stream.Position = Math.Max(0, length - 1);
            return length == 0 || stream.ReadByte() == LineEnd ? null : length;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A log may well be one that this user can add to and not read.
            return null;
        }
    }

    private static IOException LastFault() => new(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));

    [SupportedOSPlatform("windows")]
    private static FileStream OpenOnWindows(string path) => new FileInfo(path).Create(
        FileMode.OpenOrCreate, FileSystemRights.AppendData | FileSystemRights.Synchronize, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.None, fileSecurity: null);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle handle, ReadOnlySpan<byte> bytes, nint count);
}
