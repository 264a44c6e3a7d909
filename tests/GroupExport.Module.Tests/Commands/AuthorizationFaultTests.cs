using System.Globalization;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GroupExport.ModuleTests.Engine;
using GroupExport.ModuleTests.Server;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Each fault of a key and of a token endpoint has its own error id and a sentence that lets the reader mend it.</summary>
public sealed class AuthorizationFaultTests : IDisposable
{
    private const string Connect = "Connect-GroupExport slug Development -ClientId client";
    private static readonly RSA s_rsa = RSA.Create(2048);
    private static readonly X509Certificate2 s_bare = BareCertificate();

    private readonly EngineRunspace _engine = new();
    private ScriptedServer? _server;

    public void Dispose()
    {
        _engine.Dispose();
        _server?.Dispose();
    }

    [Theory]
    [InlineData("-KeyId k -PrivateKey $cut", "KeyUnreadable", "damaged or cut off")]
    [InlineData("-KeyId k -PrivateKey $html", "KeyUnreadable", "HTML or XML")]
    [InlineData("-KeyId k -PrivateKey $public", "KeyNotPrivate", "needs the private key")]
    [InlineData("-KeyId k -Certificate $bare", "KeyNotPrivate", ".pfx")]
    [InlineData("-KeyId k -PrivateKey $weak", "KeyTooWeak", "at least 2048")]
    [InlineData("-PrivateKey $set", "KeyAmbiguous", "key id (kid)")]
    [InlineData("-PrivateKey $set -KeyId three", "KeyIdMissing", "Give the kid of one of its keys")]
    [InlineData("-PrivateKey $pem", "KeyIdMissing", "Give the kid")]
    [InlineData("-KeyId k -PrivateKey $encrypted -PrivateKeyPassphrase $wrong", "WrongPassphrase", "passphrase")]
    [InlineData("-KeyId k -PrivateKey $encrypted", "WrongPassphrase", "passphrase")]
    [InlineData("-KeyId k -PrivateKey $pem -Algorithm ES384", "KeyAlgorithmMismatch", "RS384")]
    [InlineData("-KeyId k -PrivateKey $curve", "KeyAlgorithmMismatch", "P-384")]
    [InlineData("-KeyId k -PrivateKeyPath /no/such/key.pem", "KeyFileUnreadable", "does not exist")]
    [InlineData("-KeyId k -PrivateKeyPath '-----BEGIN PRIVATE KEY-----'", "InvalidParameter", "-PrivateKey,")]
    public void Each_malformed_key_is_refused_before_anything_is_sent(string parameters, string id, string cure)
    {
        EngineRun run = _engine.Run($"{Connect} {parameters}", Keys());

        Assert.Equal($"{id},GroupExport.Commands.ConnectGroupExportCommand", run.Error.FullyQualifiedErrorId);
        Assert.Contains(cure, run.Error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(run.Error.ErrorDetails.RecommendedAction));
        Assert.NotNull(run.Error.TargetObject);
        Assert.Contains(run.Error.TargetObject.ToString()!, parameters, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invalid_client", 0, "InvalidClient", "registered under the same kid")]
    [InlineData("invalid_scope", 0, "InvalidScope", "-Scope")]
    [InlineData("invalid_scope", 90, "InvalidScope", "-Scope")]
    [InlineData("unauthorized_client", 0, "TokenRequestRefused", "registered")]
    [InlineData("invalid_client", 61, "ClockSkew", "is 61 min behind the server's")]
    [InlineData("invalid_grant", -10, "ClockSkew", "is 10 min ahead of the server's")]
    public void Each_refusal_of_a_token_endpoint_says_what_to_mend(string error, int minutes, string id, string cure)
    {
        EngineRun run = Ask(_ => new ScriptedReply(400, $$"""{"error":"{{error}}","error_description":"said so"}""")
            .With("Date", DateTimeOffset.UtcNow.AddMinutes(minutes).ToString("R", CultureInfo.InvariantCulture)));

        AssertFault(run, id, cure);
        Assert.Contains($"{error}: said so", run.Error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_off_explains_nothing_where_a_secret_is_refused()
    {
        _server = new ScriptedServer(_ => new ScriptedReply(401, """{"error":"invalid_client"}""").With("Date", DateTimeOffset.UtcNow.AddHours(1).ToString("R", CultureInfo.InvariantCulture)));

        EngineRun run = _engine.Run("$null = Connect-GroupExport slug Development -BaseUri $root -Credential ([pscredential]::new('client', $wrong)); New-GroupExport g", [.. Keys(), ("root", _server.Root)]);

        AssertFault(run, "InvalidClient", "client id");
    }

    [Theory]
    [InlineData(200, "TokenEndpointUnusable", "whether a proxy answers in its place")]
    [InlineData(407, "TokenEndpointUnusable", "-ProxyCredential")]
    [InlineData(302, "TokenEndpointUnusable", "a redirect, which is not followed")]
    [InlineData(404, "TokenEndpointUnusable", "-TokenUri")]
    [InlineData(503, "TokenEndpointUnreachable", "a web page such as a proxy's")]
    public void A_web_page_at_the_token_URL_is_told_from_a_token_endpoint(int status, string id, string cure)
    {
        int asked = 0;
        EngineRun run = Ask(_ =>
        {
            asked++;
            return new ScriptedReply(status, "<html>Sign in to continue</html>", "text/html").With("Retry-After", "0");
        });

        AssertFault(run, id, cure);
        Assert.DoesNotContain("Sign in", $"{run.Error} {run.Error.Exception}", StringComparison.Ordinal);
        Assert.Equal(status == 503 ? 5 : 1, asked);
    }

    [Theory]
    [InlineData("-TokenUri http://127.0.0.1:9/token", "refuses connections")]
    [InlineData("-TokenUri https://127.0.0.1:9/token -Proxy $root", "-ProxyCredential")]
    public void A_token_URL_that_cannot_be_reached_says_so(string parameters, string cure)
    {
        _server = new ScriptedServer(_ => new ScriptedReply(407, "<html/>", "text/html"));

        EngineRun run = _engine.Run($"$null = {Connect} -KeyId k -PrivateKey $pem {parameters}; New-GroupExport g", [.. Keys(), ("root", _server.Root)]);

        AssertFault(run, "TokenEndpointUnreachable", cure);
    }

    private EngineRun Ask(Func<ScriptedCall, ScriptedReply> answer)
    {
        _server = new ScriptedServer(answer);
        return _engine.Run($"$null = {Connect} -BaseUri $root -KeyId k -PrivateKey $pem; New-GroupExport g", [.. Keys(), ("root", _server.Root)]);
    }

    private static void AssertFault(EngineRun run, string id, string cure)
    {
        Assert.Equal($"{id},GroupExport.Commands.NewGroupExportCommand", run.Error.FullyQualifiedErrorId);
        Assert.Contains(cure, run.Error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.NotNull(run.Error.TargetObject);
    }

    private static (string Name, object? Value)[] Keys()
    {
        using RSA weak = RSA.Create(1024);
        using ECDsa curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        string pem = s_rsa.ExportPkcs8PrivateKeyPem();
        return
        [
            ("pem", Secure(pem)),
            ("cut", Secure(pem[..300])),
            ("html", Secure("<html>Sign in</html>")),
            ("public", Secure(s_rsa.ExportSubjectPublicKeyInfoPem())),
            ("bare", s_bare),
            ("weak", Secure(weak.ExportPkcs8PrivateKeyPem())),
            ("curve", Secure(curve.ExportPkcs8PrivateKeyPem())),
            ("set", Secure($$"""{"keys":[{{Jwk("one")}},{{Jwk("two")}}]}""")),
            ("encrypted", Secure(s_rsa.ExportEncryptedPkcs8PrivateKeyPem("right", encryption))),
            ("wrong", Secure("wrong")),
        ];
    }

    private static string Jwk(string kid)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        ECParameters numbers = key.ExportParameters(includePrivateParameters: true);
        return $$"""{"kty":"EC","crv":"P-384","kid":"{{kid}}","x":"{{Encode(numbers.Q.X)}}","y":"{{Encode(numbers.Q.Y)}}","d":"{{Encode(numbers.D)}}"}""";
    }

    private static X509Certificate2 BareCertificate()
    {
        CertificateRequest request = new("CN=client", s_rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 whole = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadCertificate(whole.RawData);
    }

    private static string Encode(byte[]? number) => Convert.ToBase64String(number!).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static SecureString Secure(string text) => new NetworkCredential("", text).SecurePassword;
}
