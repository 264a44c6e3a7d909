namespace GroupExport.Http;

/// <summary>Sends the requests for one URL, each when its origin may be asked, and records how the origin did.</summary>
/// <param name="pacing">The origins of the connection.</param>
/// <param name="patience">How long the caller waits for an origin without progress.</param>
internal sealed class PacedSender(OriginPacing pacing, OriginPatience patience)
{
    private readonly PacedRequest _request = new();
    private PacedOrigin? _origin;

    /// <summary>Gets what the last request says of its origin, up to the headers of its answer.</summary>
    public OriginFault LastFault { get; private set; }

    /// <summary>Gets a value indicating whether a failure of the last request counts for the URL, as far as was known when it failed.</summary>
    public bool IsOwnFault { get; private set; } = true;

    /// <summary>Gets a value indicating whether the last failure is the origin's, because others failed too or the origin was paused.</summary>
    public bool IsOriginFault => _origin?.IsBlamedFor(_request) == true;

    /// <summary>Gets a value indicating whether the origin has failed without any progress for longer than the caller waits.</summary>
    public bool IsOriginLost => _origin?.IsLostFor(patience) == true;

    /// <summary>Determines, before the URL is requested again, whether its last failure counts for it, because others have succeeded since.</summary>
    public bool IsCharged() => _origin?.IsCharged(_request) == true;

    /// <summary>Records that bytes of a body came.</summary>
    public void Progressed() => _origin?.Progressed();

    /// <summary>Sends a request when its origin may be asked.</summary>
    /// <param name="url">The URL. After a redirect or a new link, it may be at another origin than the one before.</param>
    /// <param name="send">Sends the request. It throws for a status code that may be about the origin (<see cref="OriginFaults.MayBeOf"/>).</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The answer; null if the origin has made no progress for as long as the caller waits.</returns>
    public async Task<HttpResponseMessage?> SendAsync(Uri url, Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        PacedOrigin origin = _origin = pacing.Of(url);
        (LastFault, IsOwnFault) = (OriginFault.None, true);
        if (await origin.EnterAsync(patience, cancellationToken).ConfigureAwait(false) is not { } admission)
        {
            return null;
        }

        try
        {
            HttpResponseMessage response = await send(cancellationToken).ConfigureAwait(false);
            origin.Answered(admission, _request, response.IsSuccessStatusCode);
            return response;
        }
        catch (Exception exception) when (OriginFaults.Of(exception, origin.IsKnown) is not OriginFault.None and var fault)
        {
            LastFault = fault;
            IsOwnFault = origin.Failed(admission, _request, fault, (exception as TransientFailure)?.RetryAfter);
            throw;
        }
        finally
        {
            origin.Abandon(admission);
        }
    }
}
