using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace GroupExport.Tests.Authorization.Keys;

/// <summary>Keys made for one run of the tests, in every form.</summary>
internal static class MadeKeys
{
    public const string KeyId = "made-key-1";
    public const string Passphrase = "correct horse";

    private static readonly PbeParameters s_encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    public static RSA Rsa { get; } = RSA.Create(2048);

    public static ECDsa P384 { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    public static byte[] Secret { get; } = RandomNumberGenerator.GetBytes(48);

    public static JsonObject RsaJwk(RSA? key = null)
    {
        RSAParameters numbers = (key ?? Rsa).ExportParameters(includePrivateParameters: true);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["kid"] = KeyId,
            ["n"] = Encode(numbers.Modulus),
            ["e"] = Encode(numbers.Exponent),
            ["d"] = Encode(numbers.D),
            ["p"] = Encode(numbers.P),
            ["q"] = Encode(numbers.Q),
            ["dp"] = Encode(numbers.DP),
            ["dq"] = Encode(numbers.DQ),
            ["qi"] = Encode(numbers.InverseQ),
        };
    }

    public static JsonObject EcJwk(ECDsa? key = null, string curve = "P-384")
    {
        ECParameters numbers = (key ?? P384).ExportParameters(includePrivateParameters: true);
        return new JsonObject
        {
            ["kty"] = "EC",
            ["kid"] = KeyId,
            ["crv"] = curve,
            ["x"] = Encode(numbers.Q.X),
            ["y"] = Encode(numbers.Q.Y),
            ["d"] = Encode(numbers.D),
        };
    }

    public static JsonObject OctJwk(byte[]? secret = null) => new() { ["kty"] = "oct", ["kid"] = KeyId, ["k"] = Encode(secret ?? Secret) };

    public static JsonObject Public(JsonObject jwk)
    {
        JsonObject copy = jwk.DeepClone().AsObject();
        foreach (string member in new[] { "d", "p", "q", "dp", "dq", "qi" })
        {
            copy.Remove(member);
        }

        return copy;
    }

    public static JsonObject With(this JsonObject jwk, string member, JsonNode? value)
    {
        JsonObject copy = jwk.DeepClone().AsObject();
        copy[member] = value;
        return copy;
    }

    public static JsonObject Without(this JsonObject jwk, string member)
    {
        JsonObject copy = jwk.DeepClone().AsObject();
        copy.Remove(member);
        return copy;
    }

    public static string Set(params JsonObject[] keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.DeepClone())]) }.ToJsonString();

    public static string Encrypted(AsymmetricAlgorithm key, string passphrase = Passphrase) =>
        key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, s_encryption);

    public static string Encode(byte[]? number) => Convert.ToBase64String(number!).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] Decode(string text) =>
        Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4));

    /// <summary>The text of a key in the form that is named; RSA and EC forms hold <see cref="Rsa"/> and <see cref="P384"/>.</summary>
    public static string Text(string form) => form switch
    {
        "RSA JWK" => RsaJwk().ToJsonString(),
        "RSA JWK Set" => Set(RsaJwk()),
        "RSA PKCS#8" => Rsa.ExportPkcs8PrivateKeyPem(),
        "RSA PKCS#8 encrypted" => Encrypted(Rsa),
        "RSA PKCS#1" => Rsa.ExportRSAPrivateKeyPem(),
        "EC JWK" => EcJwk().ToJsonString(),
        "EC JWK Set" => Set(EcJwk()),
        "EC PKCS#8" => P384.ExportPkcs8PrivateKeyPem(),
        "EC PKCS#8 encrypted" => Encrypted(P384),
        "EC SEC1" => P384.ExportECPrivateKeyPem(),
        "oct JWK" => OctJwk().ToJsonString(),
        "oct JWK Set" => Set(OctJwk()),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, null),
    };
}
