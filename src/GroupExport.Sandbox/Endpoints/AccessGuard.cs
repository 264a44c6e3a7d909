using System.Security.Cryptography;
using System.Text;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Demands the access token, where there is one to demand.</summary>
internal sealed class AccessGuard(string? accessToken)
{
    private const string Scheme = "Bearer ";

    public bool RequiresToken => accessToken is not null;

    /// <summary>The refusal, or null when the request may pass.</summary>
    public Reply? Check(Arrival arrival)
    {
        if (accessToken is null)
        {
            return null;
        }

        var header = arrival.Header("Authorization");
        if (header is null)
        {
            return Refuse("Bearer realm=\"sandbox\"", "The request carries no access token.");
        }

        var sent = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(accessToken))
            ? null
            : Refuse("Bearer realm=\"sandbox\", error=\"invalid_token\"", "The access token is not valid.");
    }

    private static Reply Refuse(string challenge, string diagnostics) =>
        OperationOutcome.Error(401, "login", diagnostics).With("WWW-Authenticate", challenge);
}
