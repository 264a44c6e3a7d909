using System.Text.Json;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Authorization;

/// <summary>Signed assertions by the rules of SMART App Launch 2.2.0 (client-confidential-asymmetric) and RFC 7523, without any leniency.</summary>
internal sealed class AssertionVerifier(string clientId, IReadOnlyDictionary<string, VerificationKey> keys, TimeProvider clock) : IClientVerifier
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static readonly TimeSpan s_longestLife = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan s_clockSkew = TimeSpan.FromSeconds(60);

    private readonly UsedIds _usedIds = new();

    public string Method => "private_key_jwt";

    public string Capability => "client-confidential-asymmetric";

    public IReadOnlyList<string> Algorithms => SigningAlgorithms.All;

    public IReadOnlyList<string> Fields { get; } = [TokenFields.GrantType, TokenFields.AssertionType, TokenFields.Assertion, TokenFields.Scope];

    public void Verify(Arrival arrival, TokenForm form, string tokenUrl)
    {
        if (arrival.Header("Authorization") is not null)
        {
            throw TokenRefusedException.InvalidRequest("The header Authorization is not expected beside an assertion.");
        }

        if (form.Require(TokenFields.AssertionType) != AssertionType)
        {
            throw TokenRefusedException.InvalidRequest($"The field {TokenFields.AssertionType} must be {AssertionType}.");
        }

        var token = JsonWebToken.Parse(form.Require(TokenFields.Assertion));
        VerifySignature(token);
        VerifyClaims(token.Claims, tokenUrl);
    }

    private void VerifySignature(JsonWebToken token)
    {
        var algorithm = Text(token.Header, "alg");
        Require(SigningAlgorithms.All.Contains(algorithm), $"The assertion's alg must be {string.Join(" or ", SigningAlgorithms.All)}.");
        Require(Text(token.Header, "typ") == "JWT", "The assertion's typ must be JWT.");
        Require(!token.Header.ContainsKey("crit"), "The assertion's crit names extensions that are not understood.");
        Require(!token.Header.ContainsKey("jku"), "The assertion's jku is not the registered one: the keys were registered without a URL.");
        var key = keys.GetValueOrDefault(Text(token.Header, "kid"));
        Require(key is not null, "The assertion's kid is not the id of a registered key.");
        Require(key!.Algorithm == algorithm, "The assertion's alg does not fit the key of its kid.");
        Require(key.Verify(token.SignedText, token.Signature), "The assertion's signature was not made with the key of its kid.");
    }

    private void VerifyClaims(IReadOnlyDictionary<string, JsonElement> claims, string tokenUrl)
    {
        var now = clock.GetUtcNow();
        Require(Text(claims, "iss") == clientId, "The assertion's iss is not the id of a registered client.");
        Require(Text(claims, "sub") == clientId, "The assertion's sub must be the client id, as iss.");
        Require(Audience(claims) == tokenUrl, $"The assertion's aud must be exactly the token URL {tokenUrl}.");
        var expires = Instant(claims, "exp") ?? throw TokenRefusedException.InvalidClient("The assertion's exp is missing.");
        Require(expires > now, "The assertion's exp has passed: check the clock.");
        Require(expires - now <= s_longestLife, "The assertion's exp is more than 300 seconds ahead: check the clock.");
        Require(Instant(claims, "iat") is not { } issued || issued - now <= s_clockSkew, "The assertion's iat lies in the future: check the clock.");
        Require(Instant(claims, "nbf") is not { } begins || begins - now <= s_clockSkew, "The assertion's nbf lies in the future: check the clock.");

        // Last, so that nothing but a valid assertion uses up an id.
        Require(_usedIds.TryUse(Text(claims, "jti"), expires, now), "The assertion's jti was used before: each request needs a new assertion.");
    }

    private static string Text(IReadOnlyDictionary<string, JsonElement> members, string name)
    {
        if (!members.TryGetValue(name, out var value))
        {
            throw TokenRefusedException.InvalidClient($"The assertion's {name} is missing.");
        }

        return TextOf(value) is { Length: > 0 } text ? text : throw TokenRefusedException.InvalidClient($"The assertion's {name} must be a text.");
    }

    private static string? Audience(IReadOnlyDictionary<string, JsonElement> claims)
    {
        if (!claims.TryGetValue("aud", out var value))
        {
            throw TokenRefusedException.InvalidClient("The assertion's aud is missing.");
        }

        return value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 ? TextOf(value[0]) : TextOf(value);
    }

    // A lone surrogate is an escape that no text can hold.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static DateTimeOffset? Instant(IReadOnlyDictionary<string, JsonElement> claims, string name)
    {
        if (!claims.TryGetValue(name, out var value))
        {
            return null;
        }

        var isInstant = value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= 253_402_300_799;
        Require(isInstant, $"The assertion's {name} must be a whole number of seconds since 1970.");
        return DateTimeOffset.FromUnixTimeSeconds(value.GetInt64());
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw TokenRefusedException.InvalidClient(otherwise);
        }
    }
}
