using GroupExport.Disk;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>A file that tells how far an export is, so that a runbook that starts over goes on with it. This process alone changes it, until it is disposed.</summary>
internal sealed class JobFile : IDisposable
{
    private const string LockEnding = ".lock";
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Whoever only notes a state has the lock for moments.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly string _path;
    private readonly FileStream _lock;

    private JobFile(string path, FileStream exclusive)
    {
        _path = path;
        _lock = exclusive;
    }

    /// <summary>Takes the lock beside the file, which need not be there yet.</summary>
    /// <exception cref="ExportException">Another process has it, or the place cannot be written to.</exception>
    public static async Task<JobFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            long start = TimeProvider.System.GetTimestamp();
            while (true)
            {
                if (FileLock.TryTake(path + LockEnding) is { } exclusive)
                {
                    return new JobFile(path, exclusive);
                }

                if (TimeProvider.System.GetElapsedTime(start) > s_patience)
                {
                    throw new ExportException(ExportErrorKind.JobFileInUse, $"Another process works with the job file {path}. Wait for it to end: two exports must not be started for one file.") { Subject = path };
                }

                await Task.Delay(s_look, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(path, fault);
        }
    }

    /// <summary>What the file says; null when there is none.</summary>
    /// <exception cref="ExportException">It is no job file, or cannot be read (<see cref="ExportErrorKind.InvalidJobFile"/>).</exception>
    public static JobFileDocument? Read(string path)
    {
        try
        {
            SealedJson<JobFileDocument> read = SealedJson.Read(OrdinaryFile.ReadAll(path, MaxBytes), JobFileJson.Default.JobFileDocument);
            if (read.Version > JobFileDocument.NewestVersion)
            {
                throw new ExportException(ExportErrorKind.InvalidJobFile, $"{path} was written by a newer version of this module (format {read.Version}). Nothing was sent: update the module.") { Subject = path };
            }

            return read is { IsIntact: true, Value: { } document } && IsWhole(document)
                ? document with { Job = Named(document.Job, path) }
                : throw Invalid(path, "is not a job file, is damaged, or was edited");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, $"cannot be read ({fault.Message})", fault);
        }
    }

    public JobFileDocument? Read() => Read(_path);

    /// <summary>Replaces the content in one step, and returns when it would survive a power cut.</summary>
    /// <exception cref="ExportException">It cannot be written (<see cref="ExportErrorKind.JobFileNotWritable"/>).</exception>
    public void Write(JobFileDocument document)
    {
        // Where the file lies is known to whoever reads it, and may change.
        JobFileDocument written = document with { Job = Named(document.Job, path: null) };
        try
        {
            byte[] content = SealedJson.Write(written, JobFileJson.Default.JobFileDocument, indented: true);
            AtomicFile.Write(_path, stream => stream.Write(content));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(_path, fault);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static ExportJob? Named(ExportJob? job, string? path) => job is null ? null : new ExportJob(job) { JobFile = path };

    private static bool IsWhole(JobFileDocument document) =>
        document.Version == JobFileDocument.NewestVersion
        && JobFileDocument.States.Contains(document.State)
        && document.Job is not { PatientCount: < 0 }
        && !string.IsNullOrEmpty(document.Fingerprint)
        && (document.Job is null ? document.State is JobFileDocument.Sending or JobFileDocument.Failed : ServerUrl.Of(document.Job.StatusUrl ?? "").IsUsable);

    private static ExportException Invalid(string path, string why, Exception? cause = null) => new(
        ExportErrorKind.InvalidJobFile,
        $"{path} {why}. Nothing was sent: move it away when no export of it runs, or name another file.",
        cause)
    {
        Subject = path,
    };

    private static ExportException NotWritable(string path, Exception fault) =>
        new(ExportErrorKind.JobFileNotWritable, $"The job file {path} cannot be written ({fault.Message}). Get the right to write there, or name another file.", fault) { Subject = path };
}
