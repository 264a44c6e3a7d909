using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace GroupExport.ModuleTests.Silence;

/// <summary>Secrets made for one run of the tests, as the variables that scripts know them by. What is no key has <c>planted-</c> in it.</summary>
internal static class Planted
{
    private const string Passphrase = "planted-passphrase";

    private static readonly RSA s_rsa = RSA.Create(2048);
    private static readonly string s_pem = s_rsa.ExportPkcs8PrivateKeyPem();
    private static readonly string s_encryptedPem = s_rsa.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
    private static readonly string s_jwk = Jwk();

    /// <summary>Keys in their forms, credentials, a token and headers.</summary>
    public static (string Name, object? Value)[] Variables(string folder)
    {
        string path = Path.Combine(folder, "client.jwk");
        File.WriteAllText(path, s_jwk);
        return
        [
            ("key", Secure(s_jwk)),
            ("keyPath", path),
            ("keyText", s_jwk),
            ("pemText", s_pem),
            ("pem", Secure(s_encryptedPem)),
            ("cutPem", Secure(s_pem[..400])),
            ("passphrase", Secure(Passphrase)),
            ("wrongPassphrase", Secure("planted-wrong-passphrase")),
            ("token", Secure("planted-given-token")),
            ("spacedToken", Secure("planted-given token")),
            ("secret", new PSCredential("client", Secure("planted-client-secret"))),
            ("clear", "planted-in-the-clear"),
            ("headerValue", "planted-header-value"),
            ("patients", new[] { "Patient/planted-patient", "planted-bare-patient" }),
            ("filter", "Patient?identifier=http://example.org|planted-filter-value"),
            ("proxyCredential", new PSCredential("user", Secure("planted-proxy-password"))),
        ];
    }

    /// <summary>What may be in no text: as it was given, and as it goes over the wire.</summary>
    public static IEnumerable<string> Forms =>
    [
        "planted-",
        "eyJhbGci",
        Base64("client:planted-client-secret"),
        Base64("user:planted-proxy-password"),
        .. s_jwk.Split('"').Where(part => part.Length > 100).Select(part => part[..60]),
        .. new[] { s_pem, s_encryptedPem }.SelectMany(pem => pem.Split('\n')[1..4]),
    ];

    private static string Jwk()
    {
        RSAParameters numbers = s_rsa.ExportParameters(includePrivateParameters: true);
        return $$"""{"kty":"RSA","kid":"silent-key","n":"{{Encode(numbers.Modulus)}}","e":"{{Encode(numbers.Exponent)}}","d":"{{Encode(numbers.D)}}","p":"{{Encode(numbers.P)}}","q":"{{Encode(numbers.Q)}}","dp":"{{Encode(numbers.DP)}}","dq":"{{Encode(numbers.DQ)}}","qi":"{{Encode(numbers.InverseQ)}}"}""";
    }

    private static string Encode(byte[]? number) => Convert.ToBase64String(number!).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static SecureString Secure(string text) => new NetworkCredential("", text).SecurePassword;
}
