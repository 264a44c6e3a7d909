using GroupExport.Disk;

namespace GroupExport.Files;

/// <summary>The <c>*.part</c> of a file that is being fetched: written from its start, or gone on with where it ends.</summary>
internal sealed class PartFile(string path) : IDisposable
{
    /// <summary>How far the clock of a file server may be ahead.</summary>
    private static readonly TimeSpan s_toleratedSkew = TimeSpan.FromMinutes(1);

    private FileStream? _file;

    public string Path => path;

    /// <summary>How many bytes it holds.</summary>
    public long Length { get; private set; }

    /// <summary>
    /// Whether what lies there is as it was written: a file of this module's own making, since this machine was started. What a power cut leaves is
    /// anybody's guess, and after one a clock without a battery runs in the past.
    /// </summary>
    public bool IsTrustworthy
    {
        get
        {
            FileInfo file = new(path);
            DateTime now = DateTime.UtcNow;
            DateTime started = now - TimeSpan.FromMilliseconds(Environment.TickCount64);
            return file.Exists && file.LinkTarget is null && file.Length > 0 && file.LastWriteTimeUtc > started && file.LastWriteTimeUtc < now + s_toleratedSkew;
        }
    }

    /// <summary>Starts it anew. A link or a lax mode that somebody left under this name must not get the data.</summary>
    public void Begin()
    {
        Close();
        ExportFolder.OnDisk(() =>
        {
            File.Delete(path);
            _file = Open(FileMode.CreateNew);
        });
        Length = 0;
    }

    /// <summary>Opens it to go on at its end.</summary>
    public void Continue()
    {
        if (_file is null)
        {
            ExportFolder.OnDisk(() => _file = Open(FileMode.Append));
            Length = _file!.Position;
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file!.Write(bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw ExportFolder.DiskFault(fault);
        }

        Length += bytes.Length;
    }

    /// <summary>How many bytes lie under a name; none where nothing lies.</summary>
    public static long LengthOf(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? file.Length : 0;
    }

    /// <summary>
    /// Leaves a last byte to be asked for where all is there already, as when a process was killed before the file got its name: only an answer can
    /// tell that it is still the same.
    /// </summary>
    public void LeaveOneByteOf(long length) => ExportFolder.OnDisk(() =>
    {
        using FileStream whole = new(path, FileMode.Open, FileAccess.Write, FileShare.None);
        if (whole.Length >= length)
        {
            whole.SetLength(length - 1);
        }
    });

    /// <summary>What is there, to be read again.</summary>
    public Stream OpenWritten() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Makes sure that it survives a power cut.</summary>
    public void Flush() => ExportFolder.OnDisk(() => _file!.Flush(flushToDisk: true));

    public void MoveTo(string target)
    {
        Close();
        ExportFolder.OnDisk(() => File.Move(path, target, overwrite: true));
    }

    public void Remove()
    {
        Close();
        ExportFolder.OnDisk(() => File.Delete(path));
    }

    public void Dispose() => Close();

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Writing goes to the cache of the operating system, where a waiting thread costs less than a queue.</summary>
    private FileStream Open(FileMode mode) => PrivateFiles.Open(path, mode, FileShare.Read, bufferSize: 0, FileOptions.None);
}
