using System.Text.Json;
using GroupExport.Fhir;
using GroupExport.Http;

namespace GroupExport.Authorization;

/// <summary>Makes a failure of a token endpoint's refusal, with a hint at what it usually means (RFC 6749, 5.2).</summary>
internal static class TokenRefusal
{
    private static readonly TimeSpan s_toleratedSkew = TimeSpan.FromMinutes(1);

    /// <summary>A failure to throw: a passing one for a status that says "later".</summary>
    public static Exception Of(HttpResponseMessage response, string body, Uri tokenUri, DateTimeOffset now)
    {
        int status = (int)response.StatusCode;
        (string? error, string? description) = Read(body);
        if (error is null && TransientFault.IsTransient(status))
        {
            return new TransientFailure(new ServerAnswer(status, RequestIds.Of(response).Request, [], IsOutcome: false), RetryAfter.Read(response.Headers, now, TimeSpan.FromMinutes(5)));
        }

        if (error is null)
        {
            return Unusable(tokenUri, $"it answered HTTP {status}{(status is >= 300 and < 400 ? ", a redirect, which is not followed" : "")} without an OAuth error", null);
        }

        string said = description is null ? error : $"{error}: {PatientReference.Mask(description)}";
        ExportErrorKind kind = error switch
        {
            "invalid_client" => ExportErrorKind.InvalidClient,
            "invalid_scope" => ExportErrorKind.InvalidScope,
            _ => ExportErrorKind.TokenRequestRefused,
        };
        return new ExportException(kind, $"The token URL {ShownUri.Of(tokenUri)} refuses this client ({said}). {Hint(error, response, now)}")
        {
            Subject = ShownUri.Of(tokenUri),
            ServerMessage = said,
            StatusCode = status,
            RequestId = RequestIds.Of(response).Request,
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

    private static string Hint(string error, HttpResponseMessage response, DateTimeOffset now)
    {
        if (error == "invalid_scope")
        {
            return "Ask with -Scope for what is granted to the client.";
        }

        if (response.Headers.Date is { } date && (now - date).Duration() > s_toleratedSkew)
        {
            return $"The clock of this machine is {(now - date).Duration().TotalSeconds:0} s off the server's, and assertions live 5 minutes at most: set the clock.";
        }

        return error == "invalid_client"
            ? "Check the client id, that the key's public part is registered under the same kid, and that the token URL is the one the server expects as audience."
            : "Check how the client is registered at the server.";
    }

    private static (string? Error, string? Description) Read(string body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? (Text(document.RootElement, "error"), Text(document.RootElement, "error_description")) : (null, null);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
