using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Authorization;

/// <summary>A token request is refused (RFC 6749, 5.2). The description names what is wrong and never quotes what was sent.</summary>
internal sealed class TokenRefusedException(string error, string description) : Exception(description)
{
    public string Error => error;

    /// <summary>The <c>WWW-Authenticate</c> header, for clients that came with <c>Authorization</c>.</summary>
    public string? Challenge { get; init; }

    public static TokenRefusedException InvalidRequest(string description) => new("invalid_request", description);

    public static TokenRefusedException InvalidClient(string description) => new("invalid_client", description);

    public static TokenRefusedException InvalidScope(string description) => new("invalid_scope", description);

    public Reply ToReply()
    {
        var reply = Reply.WithJson(error == "invalid_client" ? 401 : 400, Reply.Json, JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("error"u8, error);
            json.WriteString("error_description"u8, Message);
            json.WriteEndObject();
        }));
        return Challenge is null ? reply : reply.With("WWW-Authenticate", Challenge);
    }
}
