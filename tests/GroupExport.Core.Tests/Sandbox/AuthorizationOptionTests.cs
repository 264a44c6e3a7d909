using System.Text.Json.Nodes;
using GroupExport.Sandbox;

namespace GroupExport.Tests.Sandbox;

public sealed class AuthorizationOptionTests
{
    private static readonly SandboxOptions s_signed = AuthorizationClient.Signed;

    public static TheoryData<SandboxOptions, string> BadOptions => new()
    {
        { new SandboxOptions { Authorization = (SandboxAuthorization)9 }, "Authorization" },
        { new SandboxOptions { Authorization = SandboxAuthorization.Token }, "AccessToken" },
        { s_signed with { AccessToken = "x" }, "AccessToken" },
        { s_signed with { TokenLifetime = TimeSpan.FromMilliseconds(999) }, "TokenLifetime" },
        { s_signed with { ClientId = " " }, "ClientId" },
        { s_signed with { SigningAlgorithm = "RS256" }, "SigningAlgorithm" },
        { s_signed with { GrantedScopes = ["patient/*.rs"] }, "GrantedScopes" },
        { new SandboxOptions { PublicJwks = "{}" }, "PublicJwks" },
        { new SandboxOptions { FileRedirect = (FileRedirect)9 }, "FileRedirect" },
        { s_signed with { FileOriginDemandsToken = true }, "SeparateFileOrigin" },
        { new SandboxOptions { SeparateFileOrigin = true, FileOriginDemandsToken = true }, "Authorization" },
        { s_signed with { RequiresAccessTokenText = "yes" }, "RequiresAccessTokenText" },
        { s_signed with { RequiresAccessTokenText = "true", RequiresAccessToken = true }, "RequiresAccessToken" },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void An_option_that_makes_no_sense_is_refused_by_name(SandboxOptions options, string named) => AssertRefused(options, named);

    [Theory]
    [InlineData("", "JWK Set")]
    [InlineData("[]", "JWK Set")]
    [InlineData("{}", "JWK Set")]
    [InlineData("{\"keys\":{}}", "JWK Set")]
    [InlineData("{\"keys\":[1]}", "JWK Set")]
    [InlineData("{\"keys\":[]}", "no key")]
    public void Something_that_is_no_key_set_is_refused(string jwks, string named) => AssertRefused(s_signed with { PublicJwks = jwks }, named);

    [Theory]
    [InlineData("kid", null, "kid")]
    [InlineData("kty", "oct", "kty")]
    [InlineData("alg", "RS384", "alg")]
    [InlineData("d", "AQ", "private")]
    [InlineData("crv", "P-256", "P-384")]
    [InlineData("x", "a/b", "base64url")]
    [InlineData("x", "AQAB", "make no key")]
    public void A_key_that_cannot_be_used_is_refused(string field, string? value, string named)
    {
        using var key = AuthorizationKey.EllipticCurve();
        var jwk = key.PublicJwk();
        jwk.Remove(field);
        if (value is not null)
        {
            jwk[field] = value;
        }

        AssertRefused(s_signed with { PublicJwks = AuthorizationKey.Jwks(jwk) }, named);
    }

    [Fact]
    public void Weak_and_ambiguous_keys_are_refused()
    {
        using var weak = AuthorizationKey.Rsa(bits: 1024);
        AssertRefused(s_signed with { PublicJwks = AuthorizationKey.Jwks(weak.PublicJwk()) }, "2048");
        using var curve = AuthorizationKey.EllipticCurve();
        AssertRefused(s_signed with { PublicJwks = AuthorizationKey.Jwks(curve.PublicJwk(), (JsonObject)curve.PublicJwk().DeepClone()) }, "two keys");
    }

    private static void AssertRefused(SandboxOptions options, string named) =>
        Assert.Contains(named, Assert.Throws<SandboxException>(() => ExportSandbox.Start(options)).Message, StringComparison.Ordinal);
}
