using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Faults;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Demands a live access token, where there is one to demand (RFC 6750, 2.1 and 3).</summary>
internal sealed class AccessGuard(ITokens? tokens, TokenFaults faults, TimeProvider clock)
{
    private const string Scheme = "Bearer ";

    /// <summary>The refusal, or null when the request may pass.</summary>
    public Reply? Check(Arrival arrival, out ScopeSet scopes)
    {
        scopes = ScopeSet.ReadAll;
        if (tokens is null)
        {
            return null;
        }

        var header = arrival.Header("Authorization");
        if (header is null)
        {
            return Refuse("Bearer realm=\"sandbox\"", "The request carries no access token.");
        }

        var sent = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        if (tokens.Find(sent) is not { } token)
        {
            return Invalid("The access token is not valid.");
        }

        scopes = token.Scopes;
        return token.Expires > clock.GetUtcNow() && !faults.Rejects() ? null : Invalid("The access token has expired.");
    }

    /// <summary>What a token without the right to do something gets.</summary>
    public static Reply Forbid(string diagnostics, string scope) =>
        OperationOutcome.Error(403, "forbidden", diagnostics)
            .With("WWW-Authenticate", $"Bearer realm=\"sandbox\", error=\"insufficient_scope\", scope=\"{scope}\"");

    private static Reply Invalid(string diagnostics) => Refuse("Bearer realm=\"sandbox\", error=\"invalid_token\"", diagnostics);

    private static Reply Refuse(string challenge, string diagnostics) =>
        OperationOutcome.Error(401, "login", diagnostics).With("WWW-Authenticate", challenge);
}
