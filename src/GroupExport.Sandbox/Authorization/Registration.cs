using System.Security;

namespace GroupExport.Sandbox.Authorization;

/// <summary>The client as the sandbox knows it, and what the client needs to know about itself.</summary>
internal sealed record Registration
{
    /// <summary>The tokens that requests need; null when everything is open.</summary>
    public ITokens? Tokens { get; private init; }

    /// <summary>Null when there is no token endpoint.</summary>
    public TokenService? Service { get; private init; }

    public string? ClientId { get; private init; }

    public SecureString? PrivateKey { get; private init; }

    public SecureString? ClientSecret { get; private init; }

    public static Registration Create(SandboxOptions options)
    {
        switch (options.EffectiveAuthorization)
        {
            case SandboxAuthorization.Token:
                return new Registration { Tokens = new FixedToken(options.AccessToken!) };
            case SandboxAuthorization.PrivateKeyJwt:
                return WithKey(options);
            case SandboxAuthorization.ClientSecret:
                var secret = ClientSecretVerifier.CreateSecret();
                return WithService(options, new ClientSecretVerifier(options.ClientId, secret)) with { ClientSecret = Secure(secret) };
            default:
                return new Registration();
        }
    }

    /// <summary>Shows the client id only.</summary>
    public override string ToString() => ClientId ?? "no client";

    private static Registration WithKey(SandboxOptions options)
    {
        if (options.PublicJwks is { } jwks)
        {
            return WithService(options, new AssertionVerifier(options.ClientId, PublicKeySet.Parse(jwks), options.Clock));
        }

        var pair = KeyPair.Create(options.SigningAlgorithm);
        var keys = new Dictionary<string, VerificationKey>(StringComparer.Ordinal) { [pair.Public.Id] = pair.Public };
        return WithService(options, new AssertionVerifier(options.ClientId, keys, options.Clock)) with { PrivateKey = Secure(pair.PrivateJwk) };
    }

    private static Registration WithService(SandboxOptions options, IClientVerifier client)
    {
        var issuer = new TokenIssuer(options.TokenLifetime, options.Clock);
        return new Registration
        {
            Tokens = issuer,
            Service = new TokenService(client, new ScopePolicy(options.GrantedScopes), issuer),
            ClientId = options.ClientId,
        };
    }

    private static SecureString Secure(string text)
    {
        var secure = new SecureString();
        foreach (var character in text)
        {
            secure.AppendChar(character);
        }

        secure.MakeReadOnly();
        return secure;
    }
}
