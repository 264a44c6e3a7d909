using System.Diagnostics.CodeAnalysis;
using System.Net;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>How one file may be asked for, and what is made of answers that are not it (Bulk Data Access, "Bulk Data Output File Request").</summary>
internal sealed class FileRequest(GroupExportConnection connection, ExportFile file)
{
    private Uri? _asked;
    private bool _wantsTokenToo;

    /// <exception cref="ExportException">The file wants a token that its origin may not have, or is where there is no https.</exception>
    public void RefuseStrangers(Uri url)
    {
        if (url.Scheme is not ("https" or "http"))
        {
            throw new ExportException(
                ExportErrorKind.InvalidServerUri,
                $"it is at {ShownUri.Of(url)}, which is storage behind credentials of its own and not https. Nothing was sent. Fetch it with that storage's own tools, or ask the server's operator for signed https links.")
            {
                Subject = file,
            };
        }

        if (file.RequiresAccessToken == true && connection.HasTokens && !connection.IsTrustedOrigin(url) && !SignedUri.Is(url))
        {
            throw Stranger(url, $"{file.Name} wants the access token, but is at {Origin.Of(url)}, which is not the connection's server. Nothing was sent there.");
        }
    }

    public HttpRequestMessage To(Uri url, string encoding)
    {
        _asked = url;
        HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "application/fhir+ndjson");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        return request.WithToken(Rule(url)).StreamingFile().FollowingRedirects();
    }

    /// <summary>Whether a signed link was refused without a token, its origin may have one, and it was not asked with one yet.</summary>
    public bool WantsTokenToo(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.Unauthorized || _wantsTokenToo || !GoesBySignature(_asked!) || !connection.IsTrustedOrigin(_asked!))
        {
            return false;
        }

        return _wantsTokenToo = true;
    }

    /// <summary>Whether the body of a good answer is gzip.</summary>
    /// <exception cref="ExportException">It is a web page, or in an encoding that nobody asked for.</exception>
    public bool IsGzip(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            throw Failed($"{file.Name} cannot be had: a web page came instead, such as a proxy's or a login's. Try again; if it stays so, ask the server's operator.");
        }

        string encoding = ResumePoint.EncodingOf(response);
        return encoding switch
        {
            ResumePoint.Identity => false,
            ResumePoint.Gzip => true,
            _ => throw Failed($"{file.Name} comes in the content encoding '{encoding}', which was not asked for and is not known. Ask the server's operator for gzip or none."),
        };
    }

    /// <summary>A failure to throw: a passing one for an answer that says "later".</summary>
    public async Task<Exception> RefusalAsync(HttpResponseMessage response, TimeSpan longestRetryAfter, string advice, CancellationToken cancellationToken)
    {
        ServerAnswer answer = await ServerAnswer.ReadAsync(response, Masked, cancellationToken).ConfigureAwait(false);
        if (TransientFault.IsTransient(answer.StatusCode) || answer.SaysTransient)
        {
            return new TransientFailure(answer, RetryAfter.Read(response, connection.Clock.GetUtcNow(), longestRetryAfter));
        }

        return answer.StatusCode switch
        {
            401 when GoesBySignature(_asked!) && !connection.IsTrustedOrigin(_asked!) => Stranger(_asked!, $"{file.Name} has a signed link to {Origin.Of(_asked!)}, which is not the connection's server, so it was asked for without the token; that is refused ({answer}).", answer),
            401 when file.RequiresAccessToken == false => answer.ToFailure(ExportErrorKind.FileFailed, $"{file.Name} is refused without a token ({answer}), though the manifest says that it needs none; it is not sent one. Ask the server's operator.", file),
            401 when TokenWasDue(response) => answer.ToFailure(ExportErrorKind.TokenRejected, $"The server does not accept the authorization for {file.Name} ({answer}). Connect again with a fresh token. {advice}", file),
            401 or 403 or 404 or 409 when IsForeignStorage(response, out Uri? storage) => answer.ToFailure(ExportErrorKind.FileFailed, $"{file.Name} cannot be had ({answer}) from {Origin.Of(storage)}, which is not the connection's server and got no token. If it is storage behind credentials of its own, fetch the file with that storage's tools, or ask the server's operator for signed links. {advice}", file),
            _ => answer.ToFailure(ExportErrorKind.FileFailed, $"{file.Name} cannot be had ({answer}). {advice}", file),
        };
    }

    /// <summary>Nothing said means own origin only; false means never (requiresAccessToken).</summary>
    private TokenRule Rule(Uri url) => file.RequiresAccessToken switch
    {
        true when GoesBySignature(url) && !_wantsTokenToo => TokenRule.Never,
        true => TokenRule.TrustedOrigins,
        null => TokenRule.OwnOrigin,
        false => TokenRule.CertificateOnly,
    };

    /// <summary>Whether the link alone should do though the manifest says that a token is required: servers that sign their links forget to say otherwise (LinuxForHealth FHIR #3188).</summary>
    private bool GoesBySignature(Uri url) => file.RequiresAccessToken == true && SignedUri.Is(url) && !connection.IsOwnOrigin(url);

    /// <summary>Whether the answer is that of an origin which got nothing that says who asks, neither a token nor a signature.</summary>
    private bool IsForeignStorage(HttpResponseMessage response, [NotNullWhen(true)] out Uri? storage)
    {
        storage = response.RequestMessage?.RequestUri;
        return storage is not null && !connection.IsTrustedOrigin(storage) && !SignedUri.Is(storage);
    }

    private ExportException Stranger(Uri url, string what, ServerAnswer? answer = null)
    {
        string message = $"{what} If it may have the token, connect with -TrustedOrigin {Origin.Of(url)}.";
        return answer?.ToFailure(ExportErrorKind.UntrustedFileOrigin, message, file) ?? new ExportException(ExportErrorKind.UntrustedFileOrigin, message) { Subject = file };
    }

    /// <summary>Without the signature of the link that was asked, too.</summary>
    private string Masked(string words) => new ServerWords(connection, file.Sent).Mask(new HiddenValues(_asked is null ? HiddenValues.OfQuery(file.Url) : HiddenValues.OfQuery(_asked)).Mask(words));

    /// <summary>A 401 of a host that never gets the token says that this link is bad, not that the token is.</summary>
    private bool TokenWasDue(HttpResponseMessage response) =>
        file.RequiresAccessToken != false && response.RequestMessage?.RequestUri is { } asked && connection.IsTrustedOrigin(asked);

    private ExportException Failed(string message) => new(ExportErrorKind.FileFailed, message) { Subject = file };
}
