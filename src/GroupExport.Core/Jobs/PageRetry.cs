using GroupExport.Connections;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>
/// Requests a page of a manifest until it comes. It waits with its origin while that is away or busy. A page has no other URLs that show whose fault
/// a failure is, so after its attempts the status URL is asked: if that answers, the page fails by itself.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="job">The job.</param>
/// <param name="retry">The attempts of a page, and the waits between them.</param>
/// <param name="patience">How long it is waited for an origin without progress.</param>
/// <param name="maxRetryAfter">The longest wait that is honored.</param>
internal sealed class PageRetry(GroupExportConnection connection, ExportJob job, TransientRetry retry, OriginPatience patience, TimeSpan maxRetryAfter)
{
    private readonly PacedSender _page = new(connection.Pacing, patience);
    private readonly PacedSender _status = new(connection.Pacing, patience);
    private readonly Backoff _backoff = new(retry.FirstDelay, retry.LongestDelay);
    private int _failures;

    /// <summary>Returns what is read of the page.</summary>
    /// <param name="url">Its URL.</param>
    /// <param name="read">Reads an answer. It throws for one that is not the page.</param>
    /// <param name="remark">Takes what is done.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<T> RunAsync<T>(Uri url, Func<HttpResponseMessage, CancellationToken, Task<T>> read, Action<string> remark, CancellationToken cancellationToken)
    {
        Exception? last = null;
        while (true)
        {
            try
            {
                using HttpResponseMessage? response = await _page.SendAsync(url, token => SendAsync(url, read, token), cancellationToken).ConfigureAwait(false);
                if (response is not null)
                {
                    return await read(response, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (TransientFault.MayPass(exception) && !cancellationToken.IsCancellationRequested)
            {
                last = exception;
                if (await IsLastAsync(url, cancellationToken).ConfigureAwait(false))
                {
                    throw;
                }

                TimeSpan delay = exception is TransientFailure { RetryAfter: { Ticks: > 0 } asked } ? asked : _backoff.Next();
                string failed = _page.IsOriginFault ? "The server is away or busy" : $"Attempt {_failures} of {retry.Attempts} failed";
                remark($"{failed} ({TransientFault.Describe(exception)}); next one in {delay.TotalSeconds:0.#} s.");
                await Task.Delay(delay, connection.Clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            throw last ?? new TimeoutException($"{Origin.Of(url)} has made no progress for {patience.Limit.TotalMinutes:0.#} min (-TransientTimeout)");
        }
    }

    private async Task<HttpResponseMessage> SendAsync<T>(Uri url, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = StatusRequest.To(url);
        HttpResponseMessage response = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (OriginFaults.MayBeOf(response.StatusCode))
        {
            using (response)
            {
                await read(response, cancellationToken).ConfigureAwait(false);
            }
        }

        return response;
    }

    /// <summary>Determines whether a failure was the last one: the page's attempts are used up, or its origin is lost.</summary>
    private async Task<bool> IsLastAsync(Uri url, CancellationToken cancellationToken)
    {
        bool isLast = ++_failures >= retry.Attempts;
        if (isLast && _page.LastFault != OriginFault.None && Origin.Of(url) == Origin.Of(job.StatusUri))
        {
            await AskStatusAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_page.IsOriginFault)
        {
            _failures = isLast ? 0 : _failures;
            return _page.IsOriginLost;
        }

        return isLast;
    }

    /// <summary>Asks a URL that has answered before, only to learn whether the origin is well.</summary>
    private async Task AskStatusAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage? response = await _status.SendAsync(job.StatusUri, SendStatusAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (_status.LastFault != OriginFault.None && !cancellationToken.IsCancellationRequested)
        {
            // The sender has recorded it, and nothing else is asked of it.
        }
    }

    private async Task<HttpResponseMessage> SendStatusAsync(CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = StatusRequest.To(job.StatusUri);
        HttpResponseMessage response = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (!OriginFaults.MayBeOf(response.StatusCode))
        {
            return response;
        }

        using (response)
        {
            ServerAnswer answer = await ServerAnswer.ReadAsync(response, new ServerWords(connection, job.Sent).Mask, cancellationToken).ConfigureAwait(false);
            throw new TransientFailure(answer, RetryAfter.Read(response, connection.Clock.GetUtcNow(), maxRetryAfter));
        }
    }
}
