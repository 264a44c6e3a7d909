using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using GroupExport.Authorization;
using Jose;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Authorization.Keys;

/// <summary>Assertions before a JWT library other than the one that signs them; it is given no more than a server has, the public key.</summary>
public sealed class IndependentJudgeTests : IDisposable
{
    private const string ClientId = "client 1";
    private const string TokenUri = "https://example.test/v2/auth/token";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 4, 5, 6, TimeSpan.Zero));
    private readonly RSA _rsa = RSA.Create();
    private readonly ECDsa _p384 = ECDsa.Create();

    public IndependentJudgeTests()
    {
        _rsa.ImportSubjectPublicKeyInfo(MadeKeys.Rsa.ExportSubjectPublicKeyInfo(), out _);
        _p384.ImportSubjectPublicKeyInfo(MadeKeys.P384.ExportSubjectPublicKeyInfo(), out _);
    }

    public static TheoryData<string, string> Forms => new()
    {
        { "RSA JWK", "RS384" },
        { "RSA JWK Set", "RS384" },
        { "RSA PKCS#8", "RS384" },
        { "RSA PKCS#8 encrypted", "RS384" },
        { "RSA PKCS#1", "RS384" },
        { "RSA certificate", "RS384" },
        { "EC JWK", "ES384" },
        { "EC JWK Set", "ES384" },
        { "EC PKCS#8", "ES384" },
        { "EC PKCS#8 encrypted", "ES384" },
        { "EC SEC1", "ES384" },
        { "EC certificate", "ES384" },
        { "oct JWK", "HS384" },
        { "oct JWK Set", "HS384" },
    };

    public void Dispose()
    {
        _rsa.Dispose();
        _p384.Dispose();
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void An_assertion_is_accepted_with_the_header_and_the_claims_of_SMART(string form, string algorithm)
    {
        string assertion = Assertion(form);

        string claims = JWT.Decode(assertion, Public(algorithm), Named(algorithm));

        IDictionary<string, object> header = JWT.Headers(assertion);
        Assert.Equal(["alg", "kid", "typ"], header.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((algorithm, MadeKeys.KeyId, "JWT"), ((string)header["alg"], (string)header["kid"], (string)header["typ"]));
        AssertClaims(claims);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_public_JWK_that_a_client_registers_is_all_it_takes(string form, string algorithm)
    {
        string registered = algorithm switch
        {
            "RS384" => MadeKeys.Public(MadeKeys.RsaJwk()).ToJsonString(),
            "ES384" => MadeKeys.Public(MadeKeys.EcJwk()).ToJsonString(),
            _ => MadeKeys.OctJwk().ToJsonString(),
        };

        AssertClaims(JWT.Decode(Assertion(form), Jwk.FromJson(registered, JWT.DefaultSettings.JsonMapper), Named(algorithm)));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Another_key_does_not_verify_it(string form, string algorithm)
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        object other = algorithm switch
        {
            "RS384" => rsa,
            "ES384" => p384,
            _ => RandomNumberGenerator.GetBytes(48),
        };

        Assert.Throws<IntegrityException>(() => JWT.Decode(Assertion(form), other, Named(algorithm)));
    }

    [Theory]
    [InlineData("RSA JWK", "RS384")]
    [InlineData("EC PKCS#8", "ES384")]
    [InlineData("oct JWK", "HS384")]
    public void What_was_tampered_with_is_refused(string form, string algorithm)
    {
        string[] parts = Assertion(form).Split('.');
        string claims = Altered(parts[1], "\"sub\":\"client 1\"", "\"sub\":\"client 2\"");
        string header = Altered(parts[0], MadeKeys.KeyId, "made-key-2");

        Assert.Throws<IntegrityException>(() => JWT.Decode($"{parts[0]}.{claims}.{parts[2]}", Public(algorithm), Named(algorithm)));
        Assert.Throws<IntegrityException>(() => JWT.Decode($"{header}.{parts[1]}.{parts[2]}", Public(algorithm), Named(algorithm)));
    }

    private void AssertClaims(string json)
    {
        JsonElement claims = JsonDocument.Parse(json).RootElement;
        long now = _clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "sub"], claims.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            (ClientId, ClientId, TokenUri),
            (claims.GetProperty("iss").GetString(), claims.GetProperty("sub").GetString(), claims.GetProperty("aud").GetString()));
        Assert.Equal(now, claims.GetProperty("iat").GetInt64());
        Assert.InRange(claims.GetProperty("exp").GetInt64(), now + 1, now + 300);
        Assert.True(Guid.TryParse(claims.GetProperty("jti").GetString(), out _));
    }

    private string Assertion(string form)
    {
        using SigningKey key = Read(form);
        return new ClientAssertion(key, ClientId, new Uri(TokenUri), _clock).Create();
    }

    private static SigningKey Read(string form)
    {
        KeyHints hints = new(KeyId: MadeKeys.KeyId, Passphrase: MadeKeys.Passphrase);
        CertificateRequest? request = form switch
        {
            "RSA certificate" => new CertificateRequest("CN=client", MadeKeys.Rsa, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            "EC certificate" => new CertificateRequest("CN=client", MadeKeys.P384, HashAlgorithmName.SHA384),
            _ => null,
        };
        if (request is null)
        {
            return KeyReader.Read(MadeKeys.Text(form), hints);
        }

        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return KeyReader.Read(certificate, hints);
    }

    private object Public(string algorithm) => algorithm switch
    {
        "RS384" => _rsa,
        "ES384" => _p384,
        _ => MadeKeys.Secret,
    };

    private static JwsAlgorithm Named(string algorithm) => Enum.Parse<JwsAlgorithm>(algorithm);

    private static string Altered(string part, string from, string to)
    {
        string text = System.Text.Encoding.UTF8.GetString(MadeKeys.Decode(part));
        Assert.Contains(from, text, StringComparison.Ordinal);
        return MadeKeys.Encode(System.Text.Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
    }
}
