namespace GroupExport.Http;

/// <summary>
/// Gives a server its time to begin an answer, and its body no time to stall. It stands next to the network, so that each request is timed
/// for itself: waiting for a token is not waiting for the request that needs it.
/// </summary>
/// <param name="inner">What sends.</param>
/// <param name="requestTimeout">The time for the headers of the answer, and for all of its body unless that is an export file.</param>
/// <param name="stallTimeout">The time a body may go without a byte.</param>
/// <param name="clock">What both are counted on.</param>
internal sealed class TimeLimitHandler(HttpMessageHandler inner, TimeSpan requestTimeout, TimeSpan stallTimeout, TimeProvider clock) : DelegatingHandler(inner)
{
    /// <exception cref="TimeoutException">No headers came in time.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(requestTimeout, clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, both.Token).ConfigureAwait(false);

            // An export file may take as long as it keeps coming; a manifest, a token or the words of a refusal may not.
            TimeSpan whole = response.IsSuccessStatusCode && request.StreamsFile() ? Timeout.InfiniteTimeSpan : requestTimeout;
            response.Content = new StallGuardContent(response.Content, request.StallTimeout() ?? stallTimeout, whole, clock);
            return response;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {requestTimeout.TotalSeconds:0.###} s");
        }
        catch (OperationCanceledException fault) when (fault.InnerException is TimeoutException && !cancellationToken.IsCancellationRequested)
        {
            // "Canceled" is what is said of a connect timeout, before anything was sent.
            throw new HttpRequestException(HttpRequestError.ConnectionError, "No connection within the connect timeout.", fault);
        }
    }
}
