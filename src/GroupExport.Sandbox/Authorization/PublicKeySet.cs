using System.Security.Cryptography;
using System.Text.Json;

namespace GroupExport.Sandbox.Authorization;

/// <summary>Reads the public keys of a client from a JWK Set (RFC 7517, RFC 7518, 6).</summary>
internal static class PublicKeySet
{
    private const int LeastRsaBits = 2048;

    /// <summary>The keys by their id.</summary>
    /// <exception cref="SandboxException">The set is malformed, or holds a private, weak or unusable key.</exception>
    public static IReadOnlyDictionary<string, VerificationKey> Parse(string jwks)
    {
        try
        {
            using var document = JsonDocument.Parse(jwks);
            var keys = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
            foreach (var key in document.RootElement.GetProperty("keys").EnumerateArray().Select(Read))
            {
                Require(keys.TryAdd(key.Id, key), $"two keys have the kid '{key.Id}'");
            }

            Require(keys.Count > 0, "it holds no key");
            return keys;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Invalid("it is not a JWK Set, a JSON object with an array 'keys'", exception);
        }
        catch (CryptographicException exception)
        {
            throw Invalid("a key's numbers make no key", exception);
        }
    }

    private static VerificationKey Read(JsonElement jwk)
    {
        Require(!jwk.TryGetProperty("d", out _) && !jwk.TryGetProperty("k", out _), "it holds a private key, but only the public part belongs there");
        var id = Text(jwk, "kid");
        var algorithm = jwk.TryGetProperty("alg", out var named) ? named.GetString() : null;
        var key = Text(jwk, "kty") switch
        {
            "RSA" => VerificationKey.Rsa(id, ReadRsa(jwk)),
            "EC" => VerificationKey.EllipticCurve(id, ReadEllipticCurve(jwk)),
            _ => throw Invalid("a key has a kty other than RSA and EC"),
        };
        Require(algorithm is null || algorithm == key.Algorithm, $"the key '{id}' must have the alg {key.Algorithm}");
        return key;
    }

    private static RSAParameters ReadRsa(JsonElement jwk)
    {
        var parameters = new RSAParameters { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") };
        using var key = RSA.Create(parameters);
        Require(key.KeySize >= LeastRsaBits, $"an RSA key has less than {LeastRsaBits} bits");
        return parameters;
    }

    private static ECParameters ReadEllipticCurve(JsonElement jwk)
    {
        Require(Text(jwk, "crv") == "P-384", "an EC key lies on another curve than P-384");
        var parameters = new ECParameters { Curve = ECCurve.NamedCurves.nistP384, Q = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") } };
        using var key = ECDsa.Create(parameters);
        return parameters;
    }

    private static string Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : throw Invalid($"a key has no {name}");

    private static byte[] Bytes(JsonElement jwk, string name) =>
        Base64Url.TryDecode(Text(jwk, name), out var bytes) ? bytes : throw Invalid($"a key's {name} is not base64url");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Invalid(otherwise);
        }
    }

    private static SandboxException Invalid(string reason, Exception? cause = null) => new($"PublicJwks cannot be used: {reason}.", cause!);
}
