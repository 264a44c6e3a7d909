using System.Globalization;
using System.Text.Json;
using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Faults;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Gives access tokens (RFC 6749, 4.4 and 5; SMART App Launch 2.2.0, backend-services).</summary>
internal sealed class TokenEndpoint(TokenService service, TokenFaults faults)
{
    public const string Path = "/v2/auth/token";

    private const string ClientCredentials = "client_credentials";

    public Reply Answer(Arrival arrival)
    {
        try
        {
            return Grant(arrival).With("Cache-Control", "no-store").With("Pragma", "no-cache");
        }
        catch (TokenRefusedException refusal)
        {
            return refusal.ToReply().With("Cache-Control", "no-store").With("Pragma", "no-cache");
        }
    }

    private Reply Grant(Arrival arrival)
    {
        if (faults.Unavailable() is { } trouble)
        {
            return trouble;
        }

        if (arrival.ContentType != TokenForm.ContentType)
        {
            throw TokenRefusedException.InvalidRequest($"The header Content-Type must be {TokenForm.ContentType}.");
        }

        if (arrival.RawQuery.Length > 0)
        {
            throw TokenRefusedException.InvalidRequest("A token request has no query: its fields stand in the body.");
        }

        var form = TokenForm.Parse(arrival.Body);
        CheckGrantType(form.Require(TokenFields.GrantType));
        form.AllowOnly(service.Client.Fields);
        service.Client.Verify(arrival, form, arrival.Origin + Path);
        var scopes = faults.Narrow(service.Scopes.Grant(form.Find(TokenFields.Scope)));
        return Answer(service.Issuer.Issue(scopes), scopes);
    }

    private static void CheckGrantType(string grantType)
    {
        if (grantType == "refresh_token")
        {
            throw new TokenRefusedException("unsupported_grant_type", "There are no refresh tokens: ask for a new access token.");
        }

        if (grantType != ClientCredentials)
        {
            throw new TokenRefusedException("unsupported_grant_type", $"The field {TokenFields.GrantType} must be {ClientCredentials}.");
        }
    }

    private Reply Answer(string token, ScopeSet scopes) => Reply.WithJson(200, Reply.Json, JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("access_token"u8, token);
        json.WriteString("token_type"u8, "bearer"u8);
        WriteLifetime(json);
        json.WriteString("scope"u8, scopes.ToString());
        json.WriteEndObject();
    }));

    private void WriteLifetime(Utf8JsonWriter json)
    {
        var seconds = (long)service.Issuer.Lifetime.TotalSeconds;
        if (faults.WritesLifetimeAsText())
        {
            json.WriteString("expires_in"u8, seconds.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNumber("expires_in"u8, seconds);
        }
    }
}
