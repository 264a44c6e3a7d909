using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using GroupExport.Authorization;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Authorization.Keys;

/// <summary>Each form of key signs what its public part verifies.</summary>
public sealed class KeyFormTests
{
    [Theory]
    [InlineData("RSA JWK")]
    [InlineData("RSA JWK Set")]
    [InlineData("RSA PKCS#8")]
    [InlineData("RSA PKCS#8 encrypted")]
    [InlineData("RSA PKCS#1")]
    public void An_RSA_key_signs_RS384(string form)
    {
        using SigningKey key = KeyReader.Read(MadeKeys.Text(form), new KeyHints(null, MadeKeys.KeyId, MadeKeys.Passphrase));

        Assert.Equal(("RS384", MadeKeys.KeyId, RsaThumbprint(MadeKeys.Rsa)), (key.Algorithm, key.KeyId, key.Thumbprint));
        Assert.True(Sign(key).IsSignedBy(MadeKeys.Rsa));
    }

    [Theory]
    [InlineData("EC JWK")]
    [InlineData("EC JWK Set")]
    [InlineData("EC PKCS#8")]
    [InlineData("EC PKCS#8 encrypted")]
    [InlineData("EC SEC1")]
    public void A_P384_key_signs_ES384(string form)
    {
        using SigningKey key = KeyReader.Read(MadeKeys.Text(form), new KeyHints(null, MadeKeys.KeyId, MadeKeys.Passphrase));

        Assert.Equal(("ES384", MadeKeys.KeyId, EcThumbprint(MadeKeys.P384)), (key.Algorithm, key.KeyId, key.Thumbprint));
        Assert.True(Sign(key).IsSignedBy(MadeKeys.P384));
    }

    [Theory]
    [InlineData("oct JWK")]
    [InlineData("oct JWK Set")]
    public void A_symmetric_key_signs_HS384(string form)
    {
        using SigningKey key = KeyReader.Read(MadeKeys.Text(form), new KeyHints());

        Assert.Equal(("HS384", MadeKeys.KeyId), (key.Algorithm, key.KeyId));
        Assert.True(Sign(key).IsSignedBy(MadeKeys.Secret));
    }

    [Fact]
    public void The_thumbprint_of_a_symmetric_key_tells_nothing_of_the_secret()
    {
        using SigningKey one = KeyReader.Read(MadeKeys.OctJwk().ToJsonString(), new KeyHints());
        using SigningKey two = KeyReader.Read(MadeKeys.OctJwk(RandomNumberGenerator.GetBytes(64)).ToJsonString(), new KeyHints());

        Assert.Equal(one.Thumbprint, two.Thumbprint);
    }

    [Fact]
    public void The_key_of_an_RSA_certificate_signs()
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=test", MadeKeys.Rsa, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using SigningKey key = KeyReader.Read(certificate, new KeyHints(KeyId: "from-certificate"));

        Assert.Equal(("RS384", "from-certificate", RsaThumbprint(MadeKeys.Rsa)), (key.Algorithm, key.KeyId, key.Thumbprint));
        Assert.True(Sign(key).IsSignedBy(MadeKeys.Rsa));
    }

    [Fact]
    public void The_key_of_a_P384_certificate_signs_and_leaves_the_certificate_alone()
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=test", MadeKeys.P384, HashAlgorithmName.SHA384)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        for (int time = 0; time < 2; time++)
        {
            using SigningKey key = KeyReader.Read(certificate, new KeyHints("ES384", MadeKeys.KeyId));
            Assert.True(Sign(key).IsSignedBy(MadeKeys.P384));
        }
    }

    [Fact]
    public void A_given_kid_outranks_that_of_the_JWK()
    {
        using SigningKey key = KeyReader.Read(MadeKeys.Text("EC JWK"), new KeyHints(KeyId: "given"));

        Assert.Equal("given", key.KeyId);
        Assert.Equal("given", Sign(key).Header.GetProperty("kid").GetString());
    }

    [Fact]
    public void The_kid_chooses_from_a_set()
    {
        using ECDsa second = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        string set = MadeKeys.Set(MadeKeys.EcJwk(), MadeKeys.EcJwk(second).With("kid", "second"), MadeKeys.Public(MadeKeys.RsaJwk()).With("kid", "public"));

        using SigningKey key = KeyReader.Read(set, new KeyHints(KeyId: "second"));

        Assert.Equal("second", key.KeyId);
        Assert.True(Sign(key).IsSignedBy(second));
    }

    [Fact]
    public void A_named_algorithm_chooses_from_a_set_too()
    {
        using SigningKey key = KeyReader.Read(MadeKeys.Set(MadeKeys.RsaJwk(), MadeKeys.EcJwk()), new KeyHints("es384"));

        Assert.True(Sign(key).IsSignedBy(MadeKeys.P384));
    }

    [Fact]
    public void The_one_private_signing_key_of_a_set_needs_no_choice()
    {
        string set = MadeKeys.Set(MadeKeys.RsaJwk().With("use", "enc"), MadeKeys.Public(MadeKeys.RsaJwk()), MadeKeys.EcJwk().With("use", "sig"));

        using SigningKey key = KeyReader.Read(set, new KeyHints());

        Assert.True(Sign(key).IsSignedBy(MadeKeys.P384));
    }

    [Fact]
    public void Numbers_with_a_sign_byte_or_without_leading_zeros_are_read()
    {
        JsonObject rsa = MadeKeys.RsaJwk();
        foreach (string member in new[] { "d", "p", "q" })
        {
            rsa[member] = MadeKeys.Encode([0, .. Decode(rsa[member]!)]);
        }

        using SigningKey signed = KeyReader.Read(rsa.ToJsonString(), new KeyHints());
        Assert.True(Sign(signed).IsSignedBy(MadeKeys.Rsa));
        Assert.Equal(RsaThumbprint(MadeKeys.Rsa), signed.Thumbprint);

        using ECDsa small = WithLeadingZero();
        JsonObject ec = MadeKeys.EcJwk(small);
        ec["d"] = MadeKeys.Encode([.. Decode(ec["d"]!).SkipWhile(value => value == 0)]);
        using SigningKey stripped = KeyReader.Read(ec.ToJsonString(), new KeyHints());
        Assert.True(Sign(stripped).IsSignedBy(small));
    }

    [Theory]
    [InlineData("\uFEFF", "\n", "\n\n")]
    [InlineData("Bag Attributes\n    friendlyName: key\n", "\n", "")]
    [InlineData("", "\r\n", "\r\n")]
    [InlineData("", " ", "")]
    [InlineData("", "\\n", "\\n")]
    public void A_PEM_is_read_whatever_became_of_its_line_breaks(string before, string lineBreak, string after)
    {
        string text = before + MadeKeys.Text("RSA PKCS#8").Replace("\n", lineBreak, StringComparison.Ordinal) + after;

        using SigningKey key = KeyReader.Read(text, new KeyHints(KeyId: MadeKeys.KeyId));

        Assert.True(Sign(key).IsSignedBy(MadeKeys.Rsa));
    }

    [Fact]
    public void A_private_key_beside_its_certificate_and_curve_is_found()
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=test", MadeKeys.P384, HashAlgorithmName.SHA384)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string text = "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n"
            + MadeKeys.Text("EC SEC1") + "\n" + certificate.ExportCertificatePem();

        using SigningKey key = KeyReader.Read(text, new KeyHints(KeyId: MadeKeys.KeyId));

        Assert.True(Sign(key).IsSignedBy(MadeKeys.P384));
    }

    [Fact]
    public void A_key_that_is_read_again_after_its_twin_was_disposed_signs()
    {
        for (int time = 0; time < 2; time++)
        {
            using SigningKey key = KeyReader.Read(MadeKeys.Text("RSA JWK"), new KeyHints());
            Assert.True(Sign(key).IsSignedBy(MadeKeys.Rsa));
        }
    }

    [Fact]
    public void A_disposed_key_signs_no_more()
    {
        SigningKey key = KeyReader.Read(MadeKeys.Text("oct JWK"), new KeyHints());
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Sign(key));
    }

    private static SignedAssertion Sign(SigningKey key) =>
        new(new ClientAssertion(key, "client", new Uri("https://example.test/token"), new FakeTimeProvider()).Create());

    private static byte[] Decode(JsonNode member) => MadeKeys.Decode(member.GetValue<string>());

    /// <summary>RFC 7638 section 3 by hand.</summary>
    private static string RsaThumbprint(RSA key)
    {
        RSAParameters numbers = key.ExportParameters(includePrivateParameters: false);
        return Thumbprint($$"""{"e":"{{MadeKeys.Encode(numbers.Exponent)}}","kty":"RSA","n":"{{MadeKeys.Encode(numbers.Modulus)}}"}""");
    }

    private static string EcThumbprint(ECDsa key)
    {
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        return Thumbprint($$"""{"crv":"P-384","kty":"EC","x":"{{MadeKeys.Encode(point.X)}}","y":"{{MadeKeys.Encode(point.Y)}}"}""");
    }

    private static string Thumbprint(string members) => MadeKeys.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(members)));

    private static ECDsa WithLeadingZero() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP384,
        D = [0, .. RandomNumberGenerator.GetBytes(47)],
    });
}
