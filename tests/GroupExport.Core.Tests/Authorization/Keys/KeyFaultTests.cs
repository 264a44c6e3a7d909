using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using GroupExport.Authorization;

namespace GroupExport.Tests.Authorization.Keys;

/// <summary>Each bad key has its own error, which shows nothing of it.</summary>
public sealed class KeyFaultTests
{
    /// <summary>Stands for a secret in a text that is no key; long enough to be told from chance.</summary>
    private const string Planted = "Zq7SecretMaterial9";

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \r\n", "empty")]
    [InlineData("<html><body>" + Planted + "</body></html>", "HTML")]
    [InlineData("[{\"kty\":\"RSA\",\"d\":\"" + Planted + "\"}]", "JSON list")]
    [InlineData("{\"kty\":\"RSA\",\"d\":" + Planted + "}", "damaged or cut off at line 1")]
    [InlineData("{\"kty\":\"oct\",\n\"k\":true" + Planted + "}", "damaged or cut off at line 2")]
    [InlineData("{\"private_key\":\"" + Planted + "\"}", "no kty")]
    [InlineData("{\"keys\":[]}", "without keys")]
    [InlineData("{\"keys\":\"" + Planted + "\"}", "without keys")]
    [InlineData("{\"keys\":[\"" + Planted + "\"]}", "no kty")]
    [InlineData("{\"kty\":\"RSA\",\"d\":{\"" + Planted + "\":1}}", "wrong type")]
    [InlineData("{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"" + Planted + "!*\"}", "no base64url")]
    [InlineData("{\"kty\":\"oct\",\"kid\":\"a\"}", "not complete")]
    [InlineData("{\"kty\":\"RSA\",\"kid\":\"a\",\"d\":\"" + Planted + "\"}", "not complete")]
    [InlineData("{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"a\",\"d\":\"" + Planted + "\"}", "not complete")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n" + Planted, "damaged or cut off")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n" + Planted + "AA\n-----END PRIVATE KEY-----", "damaged or cut off")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\n" + Planted + "AA\n-----END RSA PRIVATE KEY-----", "damaged or cut off")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\n" + Planted + "AA\n-----END EC PRIVATE KEY-----", "damaged or cut off")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\n" + Planted + "AA\n-----END OPENSSH PRIVATE KEY-----", "OpenSSH")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n" + Planted + "\n-----END RSA PRIVATE KEY-----", "old way of OpenSSL")]
    [InlineData("-----BEGIN DH PARAMETERS-----\n" + Planted + "AA\n-----END DH PARAMETERS-----", "another thing")]
    [InlineData("PuTTY-User-Key-File-3: ssh-rsa\n" + Planted, "PuTTY")]
    [InlineData("0\uFFFD\u0001" + Planted, "PKCS#12")]
    [InlineData("keys/" + Planted + ".pem", "-PrivateKeyPath")]
    [InlineData("eyJhbGciOiJkaXIifQ..." + Planted, "token")]
    [InlineData("MII" + Planted + "==", "bare base64")]
    [InlineData("?" + Planted, "another kind")]
    public void What_is_no_key_is_named(string text, string words)
    {
        ExportException failure = Fails(ExportErrorKind.KeyUnreadable, text, new KeyHints(KeyId: MadeKeys.KeyId, Passphrase: Planted));

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Contains("JWK", failure.Message, StringComparison.Ordinal);
        Assert.Contains("PEM", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_do_not_belong_together_are_no_key()
    {
        using RSA other = RSA.Create(2048);
        using ECDsa otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Fails(ExportErrorKind.KeyUnreadable, MadeKeys.RsaJwk().With("n", MadeKeys.RsaJwk(other)["n"]!.DeepClone()).ToJsonString());
        Fails(ExportErrorKind.KeyUnreadable, MadeKeys.RsaJwk().With("e", MadeKeys.Encode([1, 0, 3])).ToJsonString());
        Fails(ExportErrorKind.KeyUnreadable, MadeKeys.EcJwk().With("d", MadeKeys.EcJwk(otherCurve)["d"]!.DeepClone()).ToJsonString());
        Fails(ExportErrorKind.KeyUnreadable, MadeKeys.EcJwk().With("x", MadeKeys.Encode(new byte[48])).ToJsonString());
        Fails(ExportErrorKind.KeyUnreadable, MadeKeys.EcJwk().With("d", MadeKeys.Encode(Enumerable.Repeat((byte)7, 49).ToArray())).ToJsonString());
    }

    [Fact]
    public void A_public_key_is_refused()
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=test", MadeKeys.P384, HashAlgorithmName.SHA384)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        string[] texts =
        [
            MadeKeys.Rsa.ExportSubjectPublicKeyInfoPem(),
            MadeKeys.Rsa.ExportRSAPublicKeyPem(),
            MadeKeys.P384.ExportSubjectPublicKeyInfoPem(),
            certificate.ExportCertificatePem(),
            MadeKeys.Public(MadeKeys.RsaJwk()).ToJsonString(),
            MadeKeys.Public(MadeKeys.EcJwk()).ToJsonString(),
            MadeKeys.Public(MadeKeys.EcJwk()).With("d", "").ToJsonString(),
            MadeKeys.Set(MadeKeys.Public(MadeKeys.RsaJwk()), MadeKeys.Public(MadeKeys.EcJwk())),
            "ssh-rsa AAAAB3NzaC1yc2E me@here",
        ];
        Assert.All(texts, text => Fails(ExportErrorKind.KeyNotPrivate, text));

        using X509Certificate2 publicOnly = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem());
        ExportException failure = Assert.Throws<ExportException>(() => KeyReader.Read(publicOnly, new KeyHints(KeyId: "a")));
        Assert.Equal(ExportErrorKind.KeyNotPrivate, failure.Kind);
    }

    [Fact]
    public void A_weak_key_is_refused()
    {
        using RSA weak = RSA.Create(1024);
        using X509Certificate2 certificate = new CertificateRequest("CN=test", weak, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        Assert.Contains("1024", Fails(ExportErrorKind.KeyTooWeak, weak.ExportPkcs8PrivateKeyPem()).Message, StringComparison.Ordinal);
        Fails(ExportErrorKind.KeyTooWeak, weak.ExportRSAPrivateKeyPem());
        Fails(ExportErrorKind.KeyTooWeak, MadeKeys.Encrypted(weak));
        Fails(ExportErrorKind.KeyTooWeak, MadeKeys.RsaJwk(weak).ToJsonString());
        Fails(ExportErrorKind.KeyTooWeak, MadeKeys.OctJwk(RandomNumberGenerator.GetBytes(47)).ToJsonString());
        Assert.Equal(ExportErrorKind.KeyTooWeak, Assert.Throws<ExportException>(() => KeyReader.Read(certificate, new KeyHints(KeyId: "a"))).Kind);
    }

    [Fact]
    public void A_key_without_kid_is_refused()
    {
        using X509Certificate2 certificate = new CertificateRequest("CN=test", MadeKeys.P384, HashAlgorithmName.SHA384)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        Fails(ExportErrorKind.KeyIdMissing, MadeKeys.Text("RSA PKCS#8"), new KeyHints());
        Fails(ExportErrorKind.KeyIdMissing, MadeKeys.Text("EC SEC1"), new KeyHints(KeyId: " "));
        Fails(ExportErrorKind.KeyIdMissing, MadeKeys.RsaJwk().Without("kid").ToJsonString(), new KeyHints());
        Fails(ExportErrorKind.KeyIdMissing, MadeKeys.OctJwk().With("kid", "").ToJsonString(), new KeyHints());
        Assert.Equal(ExportErrorKind.KeyIdMissing, Assert.Throws<ExportException>(() => KeyReader.Read(certificate, new KeyHints())).Kind);
    }

    [Fact]
    public void A_kid_that_the_set_does_not_have_is_not_taken_for_another()
    {
        Fails(ExportErrorKind.KeyIdMissing, MadeKeys.Set(MadeKeys.RsaJwk()), new KeyHints(KeyId: "other"));
        Fails(ExportErrorKind.KeyIdMissing, MadeKeys.Set(MadeKeys.RsaJwk(), MadeKeys.EcJwk()), new KeyHints(KeyId: "other"));
    }

    [Fact]
    public void A_key_given_as_kid_is_neither_taken_nor_shown()
    {
        ExportException failure = Fails(ExportErrorKind.InvalidParameter, MadeKeys.Text("EC PKCS#8"), new KeyHints(KeyId: MadeKeys.Text("EC PKCS#8")));

        Assert.DoesNotContain("BEGIN", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_and_a_wrong_passphrase_have_different_words()
    {
        foreach (string text in new[] { MadeKeys.Text("RSA PKCS#8 encrypted"), MadeKeys.Text("EC PKCS#8 encrypted") })
        {
            ExportException missing = Fails(ExportErrorKind.WrongPassphrase, text, new KeyHints(KeyId: "a"));
            ExportException wrong = Fails(ExportErrorKind.WrongPassphrase, text, new KeyHints(KeyId: "a", Passphrase: Planted));

            Assert.Contains("no passphrase was given", missing.Message, StringComparison.Ordinal);
            Assert.Contains("does not open", wrong.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Planted, wrong.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_curve_that_is_not_P384_is_refused()
    {
        using ECDsa p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa p521 = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        using X509Certificate2 certificate = new CertificateRequest("CN=test", p256, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        Assert.Contains("256", Fails(ExportErrorKind.KeyAlgorithmMismatch, p256.ExportPkcs8PrivateKeyPem()).Message, StringComparison.Ordinal);
        Fails(ExportErrorKind.KeyAlgorithmMismatch, p521.ExportECPrivateKeyPem());
        Fails(ExportErrorKind.KeyAlgorithmMismatch, MadeKeys.Encrypted(p256));
        Fails(ExportErrorKind.KeyAlgorithmMismatch, MadeKeys.EcJwk(p256, "P-256").ToJsonString());
        Assert.Equal(ExportErrorKind.KeyAlgorithmMismatch, Assert.Throws<ExportException>(() => KeyReader.Read(certificate, new KeyHints(KeyId: "a"))).Kind);
    }

    [Fact]
    public void A_curve_of_the_same_size_is_refused()
    {
        ECDsa brainpool;
        try
        {
            brainpool = ECDsa.Create(ECCurve.NamedCurves.brainpoolP384r1);
        }
        catch (Exception fault) when (fault is PlatformNotSupportedException or CryptographicException)
        {
            // macOS has no such curve.
            return;
        }

        using (brainpool)
        {
            Fails(ExportErrorKind.KeyAlgorithmMismatch, brainpool.ExportPkcs8PrivateKeyPem());
        }
    }

    [Theory]
    [InlineData("RSA JWK", "ES384")]
    [InlineData("RSA PKCS#8", "HS384")]
    [InlineData("RSA JWK", "RS256")]
    [InlineData("EC JWK", "RS384")]
    [InlineData("EC SEC1", "ES256")]
    [InlineData("oct JWK", "RS384")]
    [InlineData("oct JWK", "none")]
    public void A_named_algorithm_has_to_fit_the_key(string form, string algorithm) =>
        Fails(ExportErrorKind.KeyAlgorithmMismatch, MadeKeys.Text(form), new KeyHints(algorithm, MadeKeys.KeyId));

    [Fact]
    public void A_JWK_that_is_meant_for_something_else_is_refused()
    {
        Fails(ExportErrorKind.KeyAlgorithmMismatch, MadeKeys.RsaJwk().With("use", "enc").ToJsonString());
        Fails(ExportErrorKind.KeyAlgorithmMismatch, MadeKeys.RsaJwk().With("key_ops", new JsonArray("decrypt")).ToJsonString());
        Fails(ExportErrorKind.KeyAlgorithmMismatch, MadeKeys.RsaJwk().With("alg", "RS256").ToJsonString());
        Fails(ExportErrorKind.KeyAlgorithmMismatch, MadeKeys.RsaJwk().With("kty", "OKP").ToJsonString());

        using SigningKey named = KeyReader.Read(MadeKeys.RsaJwk().With("alg", "RS256").ToJsonString(), new KeyHints("RS384"));
        using SigningKey signing = KeyReader.Read(MadeKeys.RsaJwk().With("alg", "RS384").With("key_ops", new JsonArray("sign")).ToJsonString(), new KeyHints());
        Assert.Equal("RS384", named.Algorithm);
        Assert.Equal("RS384", signing.Algorithm);
    }

    [Fact]
    public void Keys_that_are_neither_RSA_nor_elliptic_curve_are_refused()
    {
        // The head of an Ed25519 key (RFC 8410 section 7); what follows is any 32 bytes.
        byte[] head = Convert.FromHexString("302e020100300506032b657004220420");
        string ed25519 = PemEncoding.WriteString("PRIVATE KEY", [.. head, .. RandomNumberGenerator.GetBytes(32)]);

        Fails(ExportErrorKind.KeyAlgorithmMismatch, ed25519);
        Fails(ExportErrorKind.KeyAlgorithmMismatch, PemEncoding.WriteString("DSA PRIVATE KEY", new byte[32]));
    }

    [Fact]
    public void Several_private_keys_need_a_choice()
    {
        Fails(ExportErrorKind.KeyAmbiguous, MadeKeys.Set(MadeKeys.RsaJwk(), MadeKeys.EcJwk().With("kid", "second")), new KeyHints());
        Fails(ExportErrorKind.KeyAmbiguous, MadeKeys.Set(MadeKeys.RsaJwk(), MadeKeys.EcJwk()));
        Fails(ExportErrorKind.KeyAmbiguous, MadeKeys.Text("RSA PKCS#8") + "\n" + MadeKeys.Text("EC PKCS#8"));
    }

    [Fact]
    public void Nothing_that_is_shown_holds_a_secret()
    {
        using SigningKey key = KeyReader.Read(MadeKeys.Text("oct JWK"), new KeyHints());

        Assert.Equal($"HS384 key {MadeKeys.KeyId} ({key.Thumbprint})", key.ToString());
        Assert.DoesNotContain(Planted, new KeyHints("RS384", "a", Planted).ToString(), StringComparison.Ordinal);
    }

    /// <summary>Fails with the kind, and neither the exception nor its subject or cause holds a piece of the text.</summary>
    private static ExportException Fails(ExportErrorKind kind, string text, KeyHints? hints = null)
    {
        ExportException failure = Assert.Throws<ExportException>(() => KeyReader.Read(text, hints ?? new KeyHints(null, MadeKeys.KeyId, MadeKeys.Passphrase)));

        Assert.Equal(kind, failure.Kind);
        Assert.Null(failure.Subject);
        Assert.Null(failure.InnerException);
        string shown = failure.ToString();
        IEnumerable<string> pieces = text.Split(['"', '\n', '\r', ' ', ':', ','], StringSplitOptions.RemoveEmptyEntries).Where(piece => piece.Length > 20);
        Assert.All(pieces, piece => Assert.DoesNotContain(piece, shown, StringComparison.Ordinal));
        return failure;
    }
}
