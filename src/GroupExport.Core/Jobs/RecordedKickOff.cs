using GroupExport.Connections;
using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>
/// Starts an export that a job file tells of. Each step is written there before it is taken, so that whatever ends this process, the next
/// one knows whether an export runs, none does, or nobody knows.
/// </summary>
internal sealed class RecordedKickOff(GroupExportConnection connection, ExportRequest request, string path, KickOffOptions options, Action<ExportEvent> report)
{
    /// <summary>Whether an export is started though one may be running that nobody knows of.</summary>
    public bool Force { get; init; }

    /// <summary>The job: a new one, or the one of the file when that runs and asks for the same.</summary>
    /// <exception cref="ExportException">The file is in use, is none, or keeps an export from being started; or the kick-off failed.</exception>
    public async Task<ExportJob> RunAsync(CancellationToken cancellationToken)
    {
        using JobFile file = await JobFile.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        JobFileDocument? known = file.Read();
        if (known is not null && Running(known) is { } running)
        {
            report(new Remark($"No export was started: {path} tells of one that runs and asks for the same, {running}."));
            return running;
        }

        JobFileDocument record = new()
        {
            State = JobFileDocument.Sending,
            GroupId = request.GroupId,
            Server = connection.Server,
            Fingerprint = RequestFingerprint.Create(request, connection.Server),
        };
        KickOffOptions recorded = options with
        {
            Earlier = known?.Job is { } earlier ? [.. options.Earlier, (earlier, path)] : options.Earlier,
            BeforeSending = () => file.Write(At(record)),
            OnNothingStarted = failure => Note(file, record with { State = JobFileDocument.Failed, Reason = failure.Kind.ToString() }),
        };
        ExportJob job = await new KickOffWait(connection, request, recorded, report).RunAsync(cancellationToken).ConfigureAwait(false);
        Note(file, record with { State = JobFileDocument.Running, Job = job });
        return new ExportJob(job) { JobFile = path };
    }

    /// <summary>The job that need not be started again; null when an export is to be started.</summary>
    private ExportJob? Running(JobFileDocument known) => known.State switch
    {
        JobFileDocument.Running when RequestFingerprint.Matches(known.Fingerprint, request, connection.Server) =>
            new ExportJob(known.Job!) { Connection = connection, Sent = new SentValues(request) },
        JobFileDocument.Running => throw new ExportException(
            ExportErrorKind.JobFileDiffers,
            $"{path} tells of an export of group {known.GroupId ?? "(unknown)"} that runs since {known.Job!.StartedAt:u} and asks for something else, or of another server. Nothing was sent: " +
            "pipe the job file to Save-ExportFiles or Remove-GroupExport first, or name another file.")
        {
            Subject = new ExportJob(known.Job!),
        },
        JobFileDocument.Sending when !Force => throw new ExportException(
            ExportErrorKind.KickOffUncertain,
            $"By {path} a kick-off for group {known.GroupId ?? "(unknown)"} was sent at {known.ChangedAt:u}, and nobody knows what came of it: an export may be running there. " +
            "Look at the server; when none runs, or a second one does no harm, run the same with -Force. Nothing was sent.")
        {
            Subject = path,
        },
        _ => null,
    };

    private JobFileDocument At(JobFileDocument document) => document with { ChangedAt = connection.Clock.GetUtcNow().UtcDateTime };

    /// <summary>Writes what has come to pass. That the file cannot be written does not undo it.</summary>
    private void Note(JobFile file, JobFileDocument document)
    {
        try
        {
            file.Write(At(document));
        }
        catch (ExportException failure)
        {
            report(new Caution($"{failure.Message} It does not say that the export is {document.State} now{(document.Job is { } job ? $"; keep the job: {job}" : "")}."));
        }
    }
}
