using System.Globalization;
using System.Net;
using System.Text.Json;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Jobs;

/// <summary>Asks once how a job stands (Bulk Data Access, "Bulk Data Status Request").</summary>
internal sealed class StatusRequest(GroupExportConnection connection, ExportJob job, TimeSpan longestRetryAfter, TransientRetry pageRetry)
{
    private const int MostProgressCharacters = 200;

    private readonly ServerWords _words = new(connection, job.Sent);
    private readonly ManifestWalk _walk = new(connection, job, longestRetryAfter, pageRetry);

    /// <summary>What a complete export lists on the pages that could be read, though one could not; null when there is nothing like it.</summary>
    public ExportStatus? SoFar { get; private set; }

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
            StatusAnswer answer = await AskAsync(text => report(new Remark(text)), cancellationToken).ConfigureAwait(false);
            report(new StatusAnswered(answer));
            return answer;
        }
        catch (ExportException failure)
        {
            report(new StatusRefused(failure));
            throw;
        }
    }

    private async Task<StatusAnswer> AskAsync(Action<string> remark, CancellationToken cancellationToken)
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
            return ExportCode(response) switch
            {
                202 => await RunningAsync(response, retryAfter, remark, cancellationToken).ConfigureAwait(false),
                200 => await CompleteAsync(response, remark, cancellationToken).ConfigureAwait(false),
                int failed when response.StatusCode == HttpStatusCode.OK => await FailedAsync(response, failed, cancellationToken).ConfigureAwait(false),
                _ => await NotOkAsync(response, retryAfter, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    /// <summary>The state of the export as an HTTP status: its own header where the server keeps it apart from that of the request (Bulk Data Access 3, <c>separate-export-status</c>).</summary>
    private static int ExportCode(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.OK
        && response.Headers.TryGetValues("X-Export-Status", out IEnumerable<string>? values)
        && int.TryParse(values.First().Trim().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? code
            : (int)response.StatusCode;

    /// <summary>Still running; what the manifest lists so far comes along when the server shows it.</summary>
    private async Task<StatusAnswer> RunningAsync(HttpResponseMessage response, TimeSpan? retryAfter, Action<string> remark, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength != 0 && response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            try
            {
                await _walk.FollowAsync(response, remark, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (TransientFault.IsTransient(fault) || fault is ExportException { Kind: ExportErrorKind.InvalidManifest })
            {
                remark($"What the manifest lists so far cannot be read ({fault.Message}); it is asked for again.");
            }
        }

        return new StatusAnswer(Known(ExportStatus.InProgress, response, retryAfter), retryAfter);
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
            ManifestTexts = first is null ? [] : _walk.Pages.Texts,
        };
    }

    private string? Progress(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("X-Progress", out IEnumerable<string>? values))
        {
            return null;
        }

        string text = _words.Mask(string.Join(' ', values));
        return text.Length <= MostProgressCharacters ? text : text[..MostProgressCharacters];
    }

    private async Task<StatusAnswer> CompleteAsync(HttpResponseMessage response, Action<string> remark, CancellationToken cancellationToken)
    {
        SoFar = null;
        bool isRead = false;
        try
        {
            bool isWhole = await _walk.FollowAsync(response, remark, cancellationToken).ConfigureAwait(false);
            isRead = true;
            return isWhole
                ? new StatusAnswer(Known(ExportStatus.Complete, response, retryAfter: null))
                : new StatusAnswer(Known(ExportStatus.InProgress, response, _walk.RetryAfter), _walk.RetryAfter);
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            return OrThrow(fault, Trouble(_walk.AskedPage == 1 ? $"the manifest did not come whole: {TransientFault.Describe(fault)}" : $"page {_walk.AskedPage} of the manifest cannot be had: {TransientFault.Describe(fault)}", retryAfter: null));
        }
        catch (ExportException fault) when (fault.InnerException is JsonException)
        {
            return Trouble($"the server says that the export is complete, but {(_walk.AskedPage == 1 ? "what came" : $"page {_walk.AskedPage} of the manifest")} is no JSON", retryAfter: null);
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
        Url = connection.Meant(file.Entry.Url).Text,
        RequiresAccessToken = requiresAccessToken,
        StatusUrl = job.StatusUrl,
        GroupId = job.GroupId,
        Server = job.Server,
        JobFile = job.JobFile,
        Connection = connection,
        Sent = job.Sent,
    };

    private async Task<StatusAnswer> NotOkAsync(HttpResponseMessage response, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        ServerAnswer answer = await ServerAnswer.ReadAsync(response, _words.Mask, cancellationToken).ConfigureAwait(false);
        bool passes = answer.StatusCode is 408 or 429 or 502 or 503 or 504 || answer.SaysTransient || (!answer.IsOutcome && (answer.StatusCode is < 400 or >= 500 || answer.IsPage));
        return answer.StatusCode switch
        {
            _ when passes => Trouble(answer.ToString(), retryAfter) with { Refusal = answer },
            401 when !connection.IsTrustedOrigin(job.StatusUri) => throw answer.ToFailure(ExportErrorKind.UntrustedStatusOrigin, $"The status URL is at {Origin.Of(job.StatusUri)}, which is not the connection's server and was sent no token ({answer}). The export goes on; if that origin may have the token, connect with -TrustedOrigin {Origin.Of(job.StatusUri)} and ask again.", job),
            401 => throw answer.ToFailure(ExportErrorKind.TokenRejected, $"The server does not accept the authorization of the status request ({answer}). The export goes on; connect again with a fresh token and ask again.", job),
            403 => throw answer.ToFailure(ExportErrorKind.AccessDenied, $"The server does not let this client see the status ({answer}). The export goes on; use the client that started it.", job),
            404 or 410 => throw answer.ToFailure(ExportErrorKind.JobNotFound, $"The server no longer knows this export ({answer}): it was removed or has expired. Start a new one with New-GroupExport.", job),
            _ => Failed(answer),
        };
    }

    /// <summary>The request went well and says that the export did not; only the issue code <c>transient</c> means otherwise.</summary>
    private async Task<StatusAnswer> FailedAsync(HttpResponseMessage response, int code, CancellationToken cancellationToken)
    {
        ServerAnswer answer = await ServerAnswer.ReadAsync(response, _words.Mask, cancellationToken).ConfigureAwait(false);
        answer = answer with { StatusCode = code };
        return answer.SaysTransient ? Trouble(answer.ToString(), retryAfter: null) with { Refusal = answer } : Failed(answer);
    }

    private StatusAnswer Failed(ServerAnswer answer) =>
        new(new ExportStatus(job) { State = ExportStatus.Failed, Progress = answer.ToString(), CheckedAt = Now }) { Refusal = answer };

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
