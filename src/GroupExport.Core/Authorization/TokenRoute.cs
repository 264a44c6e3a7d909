using GroupExport.Http;

namespace GroupExport.Authorization;

/// <summary>
/// The way of discovery and token requests. The client certificate and the connection's own headers go to the connection's origin and to trusted
/// ones; a token URL that the user named is shown the certificate too. One that only the server named gets the client's proof and nothing more.
/// </summary>
/// <param name="trusted">Sends with the client certificate.</param>
/// <param name="strangers">Sends without it.</param>
/// <param name="origins">The origins of the connection.</param>
/// <param name="namedTokenUri">The token URL of the user; null when it is found by discovery.</param>
/// <param name="ownHeaders">Headers for trusted origins.</param>
internal sealed class TokenRoute(
    HttpMessageInvoker trusted,
    HttpMessageInvoker strangers,
    TrustedOrigins origins,
    Uri? namedTokenUri,
    IReadOnlyDictionary<string, string> ownHeaders) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool isTrusted = origins.IsTrusted(request.RequestUri!);
        if (isTrusted)
        {
            foreach ((string name, string value) in ownHeaders)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return (isTrusted || IsNamed(request.RequestUri!) ? trusted : strangers).SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            trusted.Dispose();
            strangers.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool IsNamed(Uri uri) => namedTokenUri is not null && Origin.Of(uri) == Origin.Of(namedTokenUri);
}
