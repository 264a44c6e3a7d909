using System.Text.Json;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Requests;

namespace GroupExport.Audit;

/// <summary>Writes what the engine reports of one export to an audit log, as the events of SMART's bulk-data-client.</summary>
/// <param name="log">The log.</param>
/// <param name="connection">The connection; null where files are looked at that need none.</param>
/// <param name="job">The export; null for one that is still to be kicked off.</param>
/// <param name="report">Takes every event after it was logged.</param>
internal sealed class AuditTrail(AuditLog log, GroupExportConnection? connection, ExportJob? job, Action<ExportEvent> report)
{
    private readonly AuditDetail _detail = new(connection, job?.Sent);
    private readonly TimeProvider _clock = connection?.Clock ?? TimeProvider.System;
    private readonly DateTimeOffset _begun = (connection?.Clock ?? TimeProvider.System).GetUtcNow();
    private readonly Lazy<string> _nothingStarted = new(ExportId.Random);
    private readonly object _gate = new();
    private int _pages;
    private bool _isComplete;

    /// <summary>Says that whoever read the manifest has logged it: links that are renewed are no news.</summary>
    public AuditTrail WithManifestKnown()
    {
        _isComplete = job is ExportStatus { State: ExportStatus.Complete };
        return this;
    }

    /// <summary>Takes an event, on any thread, in the moment in which it comes to pass.</summary>
    public void Take(ExportEvent reported)
    {
        switch (reported)
        {
            case KickOffAnswered kickOff:
                log.Write(kickOff.Answer.Job?.ExportId ?? _nothingStarted.Value, Now, "kickoff", json => new AuditDetail(connection, new SentValues(kickOff.Request)).WriteKickOff(json, kickOff));
                break;
            case StatusAnswered status:
                Take(status.Answer);
                break;
            case StatusRefused refused:
                Write("status_error", json => _detail.WriteStatusError(json, refused.Failure));
                break;
            case FileAsked asked:
                Write("download_request", json => _detail.WriteRequest(json, asked.File));
                break;
            case FileKept kept:
                Write("download_complete", json => AuditDetail.WriteComplete(json, _detail.Shown(kept.File), kept.Entry));
                break;
            case FileLost lost:
                Write("download_error", json => _detail.WriteDownloadError(json, lost.File, lost.Failure));
                break;
            case ExportSaved saved:
                TimeSpan duration = Now - (saved.Receipt.Job.StartedAt is { } started ? new DateTimeOffset(started.ToUniversalTime()) : _begun);
                Write("export_complete", json => AuditDetail.WriteExport(json, saved.Receipt, duration));
                break;
        }

        report(reported);
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    private void Write(string eventId, Action<Utf8JsonWriter> detail) => log.Write(job?.ExportId ?? _nothingStarted.Value, Now, eventId, detail);

    /// <summary>In the order of the original: complete, its pages, all of them; each once, because renewed links bring the same manifest again.</summary>
    private void Take(StatusAnswer answer)
    {
        if (answer.Trouble is not null || answer.Status.State == ExportStatus.Failed)
        {
            Write("status_error", json => _detail.WriteStatusError(json, answer));
            return;
        }

        ExportStatus status = answer.Status;
        lock (_gate)
        {
            if (_isComplete)
            {
                return;
            }

            _isComplete = status.State == ExportStatus.Complete;
            if (_isComplete)
            {
                Write("status_complete", json => _detail.WriteTime(json, status));
            }

            if (_pages < status.ManifestTexts.Count)
            {
                ILookup<int, ExportFile> byPage = status.Files.ToLookup(file => file.Page);
                for (; _pages < status.ManifestTexts.Count; _pages++)
                {
                    Write("status_page_complete", json => _detail.WritePage(json, status, [.. byPage[_pages + 1]]));
                }
            }

            if (_isComplete)
            {
                Write("manifest_complete", json => _detail.WriteManifest(json, status));
            }
            else
            {
                Write("status_progress", json => AuditDetail.WriteProgress(json, status));
            }
        }
    }
}
