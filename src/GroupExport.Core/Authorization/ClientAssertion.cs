using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace GroupExport.Authorization;

/// <summary>Makes the signed JWTs by which a client proves itself (private_key_jwt: RFC 7523 section 3; SMART, client-confidential-asymmetric).</summary>
/// <param name="key">Signs; it stays the caller's.</param>
/// <param name="clientId">Both issuer and subject.</param>
/// <param name="tokenUri">The audience, character by character as it was given: servers compare text.</param>
/// <param name="clock">The time.</param>
internal sealed class ClientAssertion(SigningKey key, string clientId, Uri tokenUri, TimeProvider clock)
{
    /// <summary>SMART allows 300 s; the rest is room for a server whose clock is behind.</summary>
    private const int LifetimeSeconds = 240;

    /// <summary>How far the clocks of client and server may be apart before assertions are refused.</summary>
    public static TimeSpan ToleratedSkew { get; } = TimeSpan.FromSeconds(300 - LifetimeSeconds);

    private static readonly JsonWebTokenHandler s_handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly object _gate = new();

    /// <summary>A new assertion, good for one request: its <c>jti</c> never comes again, so a repeated request needs another.</summary>
    public string Create()
    {
        long now = clock.GetUtcNow().ToUnixTimeSeconds();
        SecurityTokenDescriptor assertion = new()
        {
            TokenType = "JWT",
            SigningCredentials = key.Credentials,
            Claims = new Dictionary<string, object>
            {
                ["iss"] = clientId,
                ["sub"] = clientId,
                ["aud"] = tokenUri.OriginalString,
                ["iat"] = now,
                ["exp"] = now + LifetimeSeconds,
                ["jti"] = Guid.NewGuid().ToString(),
            },
        };

        // Keys of the platform are not made for use by several threads at once.
        lock (_gate)
        {
            return s_handler.CreateToken(assertion);
        }
    }

    /// <summary>Never an assertion.</summary>
    public override string ToString() => $"private_key_jwt with {key}";
}
