using System.Net;
using System.Net.Http.Headers;
using GroupExport.Http;

namespace GroupExport.Authorization;

/// <summary>
/// Adds the access token, the connection's own headers, its cookies and its client certificate to requests for trusted origins, and keeps them from all others.
/// </summary>
/// <remarks>Every request passes here, each hop of a redirect included: this is the one place that decides who gets the token.</remarks>
internal sealed class TrustHandler(
    HttpMessageInvoker trusted,
    HttpMessageInvoker strangers,
    TrustedOrigins origins,
    IAccessTokens tokens,
    HiddenValues hidden,
    AffinityCookies cookies,
    IReadOnlyDictionary<string, string> ownHeaders) : HttpMessageHandler
{
    private const string CookieHeader = "Cookie";

    /// <summary>The user's own Cookie header is sent as it is: the server's cookies would make two of it.</summary>
    private readonly bool _keepsCookies = !ownHeaders.Keys.Contains(CookieHeader, StringComparer.OrdinalIgnoreCase);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = null;
        request.Headers.Remove(CookieHeader);
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

        if (!origins.MayHaveToken(request.RequestUri!, request.TokenRule()))
        {
            if (!origins.MayHaveCertificate(request.RequestUri!, request.TokenRule()))
            {
                return await strangers.SendAsync(request, cancellationToken).ConfigureAwait(false);
            }

            // An open server has no token that would tell one file from another, and its nodes need the cookie all the same.
            return await (tokens is NoToken ? SendWithCookiesAsync(request, cancellationToken) : trusted.SendAsync(request, cancellationToken)).ConfigureAwait(false);
        }

        foreach ((string name, string value) in ownHeaders)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await SendWithTokenAsync(request, cancellationToken).ConfigureAwait(false);
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

    /// <summary>On a 401 the token is renewed and the request repeated, once: a 401 says that nothing was done.</summary>
    private async Task<HttpResponseMessage> SendWithTokenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string? token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        Authorize(request, token);
        HttpResponseMessage response = await SendWithCookiesAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized || token is null)
        {
            return response;
        }

        string? renewed = await tokens.RenewAsync(token, cancellationToken).ConfigureAwait(false);
        if (renewed is null)
        {
            return response;
        }

        response.Dispose();
        Authorize(request, renewed);
        return await SendWithCookiesAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendWithCookiesAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_keepsCookies)
        {
            return await trusted.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        request.Headers.Remove(CookieHeader);
        cookies.AddTo(request);
        HttpResponseMessage response = await trusted.SendAsync(request, cancellationToken).ConfigureAwait(false);
        cookies.Keep(request.RequestUri!, response);
        return response;
    }

    private void Authorize(HttpRequestMessage request, string? token)
    {
        if (token is not null)
        {
            hidden.Add(token);
        }

        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
    }
}
