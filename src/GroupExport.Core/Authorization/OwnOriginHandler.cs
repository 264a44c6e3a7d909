using System.Net.Http.Headers;
using GroupExport.Http;

namespace GroupExport.Authorization;

/// <summary>Adds the access token and the connection's own headers to requests for the connection's own origin, and takes them off all others.</summary>
/// <remarks>Every request passes here, each hop of a redirect included: this is the one place that decides who gets the token.</remarks>
internal sealed class OwnOriginHandler(
    HttpMessageHandler inner,
    Origin ownOrigin,
    IAccessTokens tokens,
    IReadOnlyDictionary<string, string> ownHeaders) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = null;
        foreach (string name in ownHeaders.Keys)
        {
            request.Headers.Remove(name);
        }

        if (!Origin.IsSafe(request.RequestUri!))
        {
            throw new ExportException(
                ExportErrorKind.InvalidServerUri,
                $"{ShownUri.Of(request.RequestUri!)} is not https (plain http is for loopback only). Nothing was sent.")
            {
                Subject = ShownUri.Of(request.RequestUri!),
            };
        }

        if (request.TokenRule() == TokenRule.OwnOrigin && Origin.Of(request.RequestUri!) == ownOrigin)
        {
            foreach ((string name, string value) in ownHeaders)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            if (await tokens.GetAsync(cancellationToken).ConfigureAwait(false) is { } token)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
