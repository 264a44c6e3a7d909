using System.Text.Json;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Jobs;

/// <summary>Asks once how a job stands (Bulk Data Access, "Bulk Data Status Request").</summary>
/// <param name="connection">The connection.</param>
/// <param name="job">The job.</param>
/// <param name="longestRetryAfter">The longest wait that is honored.</param>
/// <param name="pageRetry">The attempts of one page of the manifest.</param>
/// <param name="minPollInterval">The shortest time between two empty answers that confirm each other.</param>
/// <param name="transientTimeout">How long pages wait for an origin without progress. By default, no longer than the attempts of one page.</param>
internal sealed class StatusRequest(
    GroupExportConnection connection, ExportJob job, TimeSpan longestRetryAfter, TransientRetry pageRetry, TimeSpan minPollInterval = default, TimeSpan transientTimeout = default)
{
    private const int MaxProgressChars = 200;

    private readonly ServerWords _words = new(connection, job.Sent);
    private readonly HashSet<string> _warnings = [];
    private readonly ManifestWalk _walk = new(connection, job, longestRetryAfter, pageRetry, transientTimeout);

    private StatusHistory _history = StatusHistory.Of(job, minPollInterval, connection.ShownJobs.Contains(job.StatusUrl));

    /// <summary>What a complete export lists on the pages that could be read, though one could not; null when there is nothing like it.</summary>
    public ExportStatus? SoFar { get; private set; }

    /// <summary>Gets the number of pages of the manifest that were read.</summary>
    public int PageCount => _walk.Pages.Count;

    /// <summary>A request for the status, or for a page of the manifest.</summary>
    public static HttpRequestMessage To(Uri uri)
    {
        HttpRequestMessage request = new(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return request.WithToken(TokenRule.TrustedOrigins).FollowingRedirects();
    }

    /// <summary>Asks. It may be asked again: what is known of the manifest is not fetched twice.</summary>
    /// <exception cref="ExportException">The job is unknown, the request is not allowed, or the manifest cannot be read.</exception>
    public async Task<StatusAnswer> SendAsync(Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        try
        {
            StatusAnswer answer = await AskAsync(report, cancellationToken).ConfigureAwait(false);
            report(new StatusAnswered(answer));
            return answer;
        }
        catch (ExportException failure)
        {
            report(new StatusRefused(failure));
            throw;
        }
    }

    private async Task<StatusAnswer> AskAsync(Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            using HttpRequestMessage request = To(job.StatusUri);
            response = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            return OrThrow(fault, Trouble(TransientFault.Describe(fault), retryAfter: null));
        }

        using (response)
        {
            TimeSpan? retryAfter = RetryAfter.Read(response, connection.Clock.GetUtcNow(), longestRetryAfter);
            StatusReading reading = await StatusReading.ReadAsync(response, _words.Mask, cancellationToken).ConfigureAwait(false);
            _history = _history.With(reading, connection.Clock.GetUtcNow());
            if (_history.IsKnown)
            {
                connection.ShownJobs.Add(job.StatusUrl);
            }

            StatusVerdict verdict = StatusTable.Decide(reading, _history);
            return verdict switch
            {
                StatusVerdict.Running => await RunningAsync(response, reading, retryAfter, report, cancellationToken).ConfigureAwait(false),
                StatusVerdict.Complete => await CompleteAsync(response, reading, retryAfter, report, cancellationToken).ConfigureAwait(false),
                StatusVerdict.Empty => Empty(response, retryAfter, report),
                StatusVerdict.Failed => Failed(reading.Answer),
                StatusVerdict.Unavailable or StatusVerdict.NotKnownYet =>
                    Trouble(StatusFailures.Unavailable(verdict, reading), retryAfter) with { Refusal = reading is { StatusCode: 200, Body: StatusBody.Incomplete } ? null : reading.Answer },
                _ => throw StatusFailures.Final(verdict, reading, connection, job),
            };
        }
    }

    /// <summary>Still running; what the manifest lists so far comes along when the server shows it.</summary>
    private async Task<StatusAnswer> RunningAsync(HttpResponseMessage response, StatusReading reading, TimeSpan? retryAfter, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        if (reading.Body == StatusBody.Manifest)
        {
            try
            {
                await FollowAsync(response, reading, report, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (TransientFault.IsTransient(fault) || fault is ExportException { Kind: ExportErrorKind.InvalidManifest })
            {
                report(new Remark($"What the manifest lists so far cannot be read ({fault.Message}); it is asked for again."));
            }
        }
        else if (reading.Answer is { IsRefusal: true, Message: { } message } && _warnings.Add(message))
        {
            report(new Caution($"The server says that the export of group {job.GroupName} runs, and reports errors: {reading.Answer}"));
        }

        return new StatusAnswer(Known(ExportStatus.InProgress, response, retryAfter), retryAfter);
    }

    private Task<bool> FollowAsync(HttpResponseMessage response, StatusReading reading, Action<ExportEvent> report, CancellationToken cancellationToken) =>
        _walk.FollowAsync(reading.Content!, ServerUrl.Of(response.RequestMessage?.RequestUri ?? job.StatusUri), text => report(new Remark(text)), cancellationToken);

    /// <summary>No manifest, so no time of the query: what follows can tell by that.</summary>
    private StatusAnswer Empty(HttpResponseMessage response, TimeSpan? retryAfter, Action<ExportEvent> report)
    {
        string warning = $"The server completed the export of group {job.GroupName} with empty answers and no manifest. "
            + "Some servers do so when there is no data; there is no transaction time, so that a next export with -Since starts where this one did.";
        if (_warnings.Add(warning))
        {
            report(new Caution(warning));
        }

        return new StatusAnswer(Known(ExportStatus.Complete, response, retryAfter: null), retryAfter);
    }

    /// <summary>The status with what is known of the manifest.</summary>
    private ExportStatus Known(string state, HttpResponseMessage response, TimeSpan? retryAfter)
    {
        ExportManifest? first = _walk.HasPages ? _walk.Pages.First : null;
        return new ExportStatus(job)
        {
            State = state,
            Progress = Progress(response),
            RetryAfterSeconds = retryAfter?.TotalSeconds,
            CheckedAt = Now,
            TransactionTime = first?.TransactionTime,
            RequiresAccessToken = first?.RequiresAccessToken,
            OutputOrganizedBy = first?.OutputOrganizedBy,
            Expires = response.Content.Headers.Expires?.UtcDateTime,
            Files = first is null ? [] : [.. _walk.Pages.Files().Select(file => ToFile(file, first.RequiresAccessToken))],
            EmptyTypes = first is null ? [] : _walk.Pages.EmptyTypes(),
            ManifestTexts = first is null ? [] : _walk.Pages.Texts,
        };
    }

    private string? Progress(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("X-Progress", out IEnumerable<string>? values))
        {
            return null;
        }

        string text = ShownText.Of(string.Join(' ', values), _words.Mask, int.MaxValue);
        return text.Length <= MaxProgressChars ? text : text[..MaxProgressChars];
    }

    private async Task<StatusAnswer> CompleteAsync(HttpResponseMessage response, StatusReading reading, TimeSpan? retryAfter, Action<ExportEvent> report, CancellationToken cancellationToken)
    {
        SoFar = null;
        bool isRead = false;
        try
        {
            bool isWhole = await FollowAsync(response, reading, report, cancellationToken).ConfigureAwait(false);
            isRead = true;
            return isWhole
                ? new StatusAnswer(Known(ExportStatus.Complete, response, retryAfter: null), retryAfter)
                : new StatusAnswer(Known(ExportStatus.InProgress, response, _walk.RetryAfter), _walk.RetryAfter);
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            string what = $"page {_walk.AskedPage} of the manifest cannot be had: {TransientFault.Describe(fault)}";
            return OrThrow(fault, Trouble(what, retryAfter: null) with { Refusal = (fault as TransientFailure)?.Answer, Since = _walk.AskedAt });
        }
        catch (ExportException fault) when (fault.InnerException is JsonException)
        {
            return Trouble($"the server says that the export is complete, but page {_walk.AskedPage} of the manifest is no JSON", retryAfter: null);
        }
        finally
        {
            SoFar = !isRead && _walk.HasPages ? Known(ExportStatus.InProgress, response, retryAfter: null) : null;
        }
    }

    private ExportFile ToFile(NamedEntry file, bool? requiresAccessToken) => new()
    {
        Kind = file.Entry.Kind switch
        {
            FileKind.Deleted => ExportFile.Deleted,
            FileKind.Error => ExportFile.Error,
            _ => ExportFile.Output,
        },
        Type = file.Entry.Type,
        Name = file.Name,
        ContinuesIn = file.ContinuesIn,
        Count = file.Entry.Count,
        FileSize = file.Entry.FileSize,
        Page = file.Entry.Page,
        Index = file.Entry.Index,
        Url = file.Entry.Url is { } url ? connection.Meant(url).Text : "",
        RequiresAccessToken = requiresAccessToken,
        StatusUrl = job.StatusUrl,
        GroupId = job.GroupId,
        Server = job.Server,
        JobFile = job.JobFile,
        Connection = connection,
        Sent = job.Sent,
        Listed = file.Listed,
        Fault = file.Fault,
    };

    private StatusAnswer Failed(ServerAnswer answer) =>
        new(new ExportStatus(job) { State = ExportStatus.Failed, Progress = answer.ToString(), CheckedAt = Now, RedoxLogIds = [.. job.RedoxLogIds.Union(answer.LogIds)] }) { Refusal = answer };

    /// <summary>Returns the answer, unless it is certain that asking again brings the same.</summary>
    private StatusAnswer OrThrow(Exception fault, StatusAnswer trouble) => TransientFault.IsTooManyHeaders(fault)
        ? throw new ExportException(
            ExportErrorKind.StatusUnavailable,
            $"The status cannot be read: {trouble.Trouble}. The export may well go on; ask the server's operator what adds the headers.",
            fault)
        {
            Subject = job,
        }
        : trouble;

    private StatusAnswer Trouble(string what, TimeSpan? retryAfter) =>
        new(new ExportStatus(job) { Progress = what, RetryAfterSeconds = retryAfter?.TotalSeconds, CheckedAt = Now }, retryAfter, what);

    private DateTime Now => connection.Clock.GetUtcNow().UtcDateTime;
}
