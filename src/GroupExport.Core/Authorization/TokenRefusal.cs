using System.Globalization;
using GroupExport.Http;

namespace GroupExport.Authorization;

/// <summary>Makes a failure of a token endpoint's refusal, with a hint at what it usually means (RFC 6749, 5.2).</summary>
internal static class TokenRefusal
{
    /// <summary>What means the client and not the moment, whatever the status (RFC 6749, 5.2).</summary>
    private static readonly string?[] s_refusals = ["invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"];

    /// <summary>A failure to throw: a passing one for a status that says "later".</summary>
    public static Exception Of(HttpResponseMessage response, WireBody body, Uri tokenUri, IClientAuthentication client, Func<string, string> mask, DateTimeOffset now)
    {
        int status = (int)response.StatusCode;
        ServerAnswer answer = ServerAnswer.Of(response, body, mask);
        string? error = answer.Form == AnswerForm.OAuth ? answer.Issues[0].Code : null;
        if (TransientFault.IsTransient(status) && !s_refusals.Contains(error))
        {
            return new TransientFailure(answer, RetryAfter.Read(response, now, TimeSpan.FromMinutes(5)));
        }

        if (error is null)
        {
            string cure = status switch
            {
                407 => ": the proxy wants a credential, which -ProxyCredential takes",
                >= 300 and < 400 => ", a redirect, which is not followed",
                _ => "",
            };
            return Unusable(tokenUri, $"it answered {answer} without an OAuth error{cure}", null);
        }

        string said = answer.Message!;
        TimeSpan skew = client.KeyThumbprint is not null && response.Headers.Date is { } date ? now - date : TimeSpan.Zero;
        (ExportErrorKind kind, string hint) = Meaning(error, skew);
        return new ExportException(kind, $"The token URL {ShownUri.Of(tokenUri)} refuses this client ({said}). {hint}")
        {
            Subject = ShownUri.Of(tokenUri),
            ServerMessage = said,
            StatusCode = status,
            RequestId = answer.RequestId,
            CorrelationId = answer.CorrelationId,
            AnswerHeaders = answer.Headers,
            RejectsClient = error is "invalid_client" or "unauthorized_client",
        };
    }

    /// <summary>An answer that is none of a token endpoint.</summary>
    public static ExportException Unusable(Uri tokenUri, string why, Exception? cause) => new(
        ExportErrorKind.TokenEndpointUnusable,
        $"The token URL {ShownUri.Of(tokenUri)} does not answer as a token endpoint: {why}. Check -TokenUri, and whether a proxy answers in its place.",
        cause)
    {
        Subject = ShownUri.Of(tokenUri),
    };

    /// <summary>A token that does not go behind <c>Bearer</c>, and must not be used (RFC 6749, 7.1).</summary>
    public static ExportException ForeignType(Uri tokenUri, string type) => new(
        ExportErrorKind.TokenEndpointUnusable,
        $"The token URL {ShownUri.Of(tokenUri)} gives a token of the type {type}, where SMART Backend Services have bearer tokens only. It is not used; ask the server's operator, or check -TokenUri.")
    {
        Subject = ShownUri.Of(tokenUri),
    };

    /// <param name="error">The OAuth error code.</param>
    /// <param name="skew">How far this clock is ahead of the server's; no time for a client whose proof has no time in it.</param>
    private static (ExportErrorKind Kind, string Hint) Meaning(string error, TimeSpan skew) => error switch
    {
        "invalid_scope" => (ExportErrorKind.InvalidScope, $"Ask with -Scope for what is granted to the client, in the spelling that the server knows (such as {SmartScope.AllOfVersion2} or {SmartScope.AllOfVersion1})."),

        // Servers report an assertion that is expired or not yet valid under any of these.
        "invalid_client" or "invalid_grant" or "invalid_request" when skew.Duration() > ClientAssertion.ToleratedSkew => (
            ExportErrorKind.ClockSkew,
            $"The clock of this machine is {Shown(skew.Duration())} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the server's, and assertions live 5 minutes at most: set the clock. If it stays so, check client id and key."),
        "invalid_client" => (
            ExportErrorKind.InvalidClient,
            "Check the client id, that the key's public part is registered under the same kid, and that the token URL is the one the server expects as audience."),
        _ => (ExportErrorKind.TokenRequestRefused, "Check how the client is registered at the server."),
    };

    private static string Shown(TimeSpan skew) => skew.TotalMinutes < 3
        ? string.Create(CultureInfo.InvariantCulture, $"{skew.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{skew.TotalMinutes:0} min");
}
