using System.Net;
using System.Net.Http.Headers;

namespace GroupExport.Http;

/// <summary>Follows redirects of requests that allow it, never to plain http outside loopback, and never with a token to another origin.</summary>
internal sealed class RedirectHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MostHops = 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpRequestMessage current = request;
        for (int hop = 0; ; hop++)
        {
            HttpResponseMessage response = await base.SendAsync(current, cancellationToken).ConfigureAwait(false);
            if (!request.FollowsRedirects() || !IsRedirect(response.StatusCode) || HeaderUrl.Read(response, "Location") is not { } location)
            {
                return response;
            }

            response.Dispose();
            ServerUrl target = ServerUrl.Of(current.RequestUri!).Resolve(location);
            if (hop == MostHops || !target.IsUsable || !IsSafeStep(current.RequestUri!, target.Uri))
            {
                throw new ExportException(
                    ExportErrorKind.UnsafeRedirect,
                    $"The server redirects {ShownUri.Of(request.RequestUri!)} in circles, from https to http or to nowhere; this is not followed. Ask the server's operator.")
                {
                    Subject = ShownUri.Of(request.RequestUri!),
                };
            }

            current = Next(current, target.Uri);
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => status is
        HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or
        HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static bool IsSafeStep(Uri from, Uri to) =>
        Origin.IsSafe(to) && (from.Scheme == to.Scheme || to.Scheme == Uri.UriSchemeHttps);

    private static HttpRequestMessage Next(HttpRequestMessage from, Uri target)
    {
        bool sameOrigin = Origin.Of(from.RequestUri!) == Origin.Of(target);
        HttpRequestMessage next = new(from.Method, target) { Version = from.Version, VersionPolicy = from.VersionPolicy };
        foreach ((string name, HeaderStringValues values) in from.Headers.NonValidated)
        {
            next.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        }

        return next.WithToken(sameOrigin ? from.TokenRule() : Http.TokenRule.Never).WithStallTimeout(from.StallTimeout()).StreamingFile(from.StreamsFile()).FollowingRedirects();
    }
}
