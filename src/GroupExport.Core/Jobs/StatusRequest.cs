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

    /// <summary>A million files or so.</summary>
    private const int MostManifestBytes = 256_000_000;

    private readonly ServerWords _words = new(connection, job.Sent);

    /// <exception cref="ExportException">The job is unknown, the request is not allowed, or the manifest cannot be read.</exception>
    public async Task<StatusAnswer> SendAsync(Action<string> remark, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await GetAsync(job.StatusUri, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            return Trouble(TransientFault.Describe(fault), retryAfter: null);
        }

        using (response)
        {
            TimeSpan? retryAfter = RetryAfter.Read(response.Headers, connection.Clock.GetUtcNow(), longestRetryAfter);
            return response.StatusCode switch
            {
                HttpStatusCode.Accepted => new StatusAnswer(Running(response, retryAfter), retryAfter),
                HttpStatusCode.OK => await CompleteAsync(response, remark, cancellationToken).ConfigureAwait(false),
                _ => await NotOkAsync(response, retryAfter, cancellationToken).ConfigureAwait(false),
            };
        }
    }

    private Task<HttpResponseMessage> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = new(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        return connection.SendAsync(request.WithToken(TokenRule.TrustedOrigins).FollowingRedirects(), cancellationToken);
    }

    private ExportStatus Running(HttpResponseMessage response, TimeSpan? retryAfter) => new(job)
    {
        Progress = Progress(response),
        RetryAfterSeconds = retryAfter?.TotalSeconds,
        CheckedAt = Now,
    };

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
        ManifestPages pages = new(job.StatusUri);
        try
        {
            pages.Add(await ReadPageAsync(response, cancellationToken).ConfigureAwait(false), response.RequestMessage?.RequestUri ?? job.StatusUri);
            while (pages.Next is { } linked)
            {
                Uri next = connection.Meant(linked);
                byte[] page = await pageRetry.RunAsync(token => GetPageAsync(next, token), connection.Clock, remark, cancellationToken).ConfigureAwait(false);
                pages.Add(page, next);
            }
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            return Trouble($"the manifest did not come whole: {TransientFault.Describe(fault)}", retryAfter: null);
        }
        catch (ExportException fault) when (fault.InnerException is JsonException)
        {
            return Trouble("the server says that the export is complete, but what came is no JSON", retryAfter: null);
        }

        return new StatusAnswer(Complete(pages, response.Content.Headers.Expires));
    }

    private async ValueTask<byte[]> GetPageAsync(Uri uri, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await GetAsync(uri, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return await ReadPageAsync(response, cancellationToken).ConfigureAwait(false);
        }

        ServerAnswer answer = await ServerAnswer.ReadAsync(response, words => _words.Mask(new HiddenValues(HiddenValues.OfQuery(uri)).Mask(words)), cancellationToken).ConfigureAwait(false);
        if (TransientFault.IsTransient(answer.StatusCode) || answer.SaysTransient)
        {
            throw new TransientFailure(answer, RetryAfter.Read(response.Headers, connection.Clock.GetUtcNow(), longestRetryAfter));
        }

        throw answer.ToFailure(ExportErrorKind.InvalidManifest, $"A further page of the manifest cannot be had ({answer}). The job was left alone; ask again later.", job);
    }

    private async Task<byte[]> ReadPageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] page = await BoundedText.ReadBytesAsync(response, MostManifestBytes, cancellationToken).ConfigureAwait(false);
        return page.Length < MostManifestBytes ? page : throw new ExportException(
            ExportErrorKind.InvalidManifest,
            $"The manifest is larger than {MostManifestBytes / 1_000_000} MB and was not read. The job was left alone; ask for fewer types or patients, or the server's operator.")
        {
            Subject = job,
        };
    }

    private ExportStatus Complete(ManifestPages pages, DateTimeOffset? expires) => new(job)
    {
        State = ExportStatus.Complete,
        CheckedAt = Now,
        TransactionTime = pages.First.TransactionTime,
        RequiresAccessToken = pages.First.RequiresAccessToken,
        OutputOrganizedBy = pages.First.OutputOrganizedBy,
        Expires = expires?.UtcDateTime,
        Files = [.. pages.Files().Select(file => ToFile(file, pages.First.RequiresAccessToken))],
    };

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
        Url = connection.Meant(file.Entry.Url).AbsoluteUri,
        RequiresAccessToken = requiresAccessToken,
        StatusUrl = job.StatusUrl,
        GroupId = job.GroupId,
        Server = job.Server,
        Connection = connection,
        Sent = job.Sent,
    };

    private async Task<StatusAnswer> NotOkAsync(HttpResponseMessage response, TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        ServerAnswer answer = await ServerAnswer.ReadAsync(response, _words.Mask, cancellationToken).ConfigureAwait(false);
        bool passes = answer.StatusCode is 408 or 429 or 502 or 503 or 504 || answer.SaysTransient || (!answer.IsOutcome && (answer.StatusCode is < 400 or >= 500 || answer.IsPage));
        return answer.StatusCode switch
        {
            _ when passes => Trouble(answer.ToString(), retryAfter),
            401 when !connection.IsTrustedOrigin(job.StatusUri) => throw answer.ToFailure(ExportErrorKind.UntrustedStatusOrigin, $"The status URL is at {Origin.Of(job.StatusUri)}, which is not the connection's server and was sent no token ({answer}). The export goes on; if that origin may have the token, connect with -TrustedOrigin {Origin.Of(job.StatusUri)} and ask again.", job),
            401 => throw answer.ToFailure(ExportErrorKind.TokenRejected, $"The server does not accept the authorization of the status request ({answer}). The export goes on; connect again with a fresh token and ask again.", job),
            403 => throw answer.ToFailure(ExportErrorKind.AccessDenied, $"The server does not let this client see the status ({answer}). The export goes on; use the client that started it.", job),
            404 or 410 => throw answer.ToFailure(ExportErrorKind.JobNotFound, $"The server no longer knows this export ({answer}): it was removed or has expired. Start a new one with New-GroupExport.", job),
            _ => new StatusAnswer(new ExportStatus(job) { State = ExportStatus.Failed, Progress = answer.ToString(), CheckedAt = Now }),
        };
    }

    private StatusAnswer Trouble(string what, TimeSpan? retryAfter) =>
        new(new ExportStatus(job) { Progress = what, RetryAfterSeconds = retryAfter?.TotalSeconds, CheckedAt = Now }, retryAfter, what);

    private DateTime Now => connection.Clock.GetUtcNow().UtcDateTime;
}
