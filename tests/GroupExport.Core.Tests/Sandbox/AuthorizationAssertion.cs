using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GroupExport.Tests.Sandbox;

/// <summary>A client assertion made by hand, so that every part of it can be wrong.</summary>
internal sealed class AuthorizationAssertion
{
    private readonly AuthorizationKey _key;

    public AuthorizationAssertion(AuthorizationKey key, string clientId, string audience, DateTimeOffset now)
    {
        _key = key;
        Header = new JsonObject { ["alg"] = key.Algorithm, ["kid"] = key.Id, ["typ"] = "JWT" };
        Claims = new JsonObject
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = audience,
            ["exp"] = now.ToUnixTimeSeconds() + 240,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        };
        Sign = key.Sign;
    }

    public JsonObject Header { get; }

    public JsonObject Claims { get; }

    /// <summary>Replaces the JSON of the payload.</summary>
    public string? RawClaims { get; set; }

    public Func<byte[], byte[]> Sign { get; set; }

    public AuthorizationKey Key => _key;

    public override string ToString()
    {
        var text = $"{Encode(Encoding.UTF8.GetBytes(Header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(RawClaims ?? Claims.ToJsonString()))}";
        return $"{text}.{Encode(Sign(Encoding.ASCII.GetBytes(text)))}";
    }

    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

/// <summary>A private key read from a JWK, or made.</summary>
internal sealed class AuthorizationKey : IDisposable
{
    private AuthorizationKey(string id, AsymmetricAlgorithm key)
    {
        Id = id;
        Key = key;
    }

    public string Id { get; }

    public AsymmetricAlgorithm Key { get; }

    public string Algorithm => Key is RSA ? "RS384" : "ES384";

    public static AuthorizationKey Rsa(string id = "rsa", int bits = 2048) => new(id, RSA.Create(bits));

    public static AuthorizationKey EllipticCurve(string id = "ec") => new(id, ECDsa.Create(ECCurve.NamedCurves.nistP384));

    public static AuthorizationKey Read(string jwk)
    {
        var json = JsonDocument.Parse(jwk).RootElement;
        var id = json.GetProperty("kid").GetString()!;
        byte[] Number(string name) => Decode(json.GetProperty(name).GetString()!);
        return json.GetProperty("kty").GetString() == "RSA"
            ? new AuthorizationKey(id, RSA.Create(new RSAParameters
            {
                Modulus = Number("n"),
                Exponent = Number("e"),
                D = Number("d"),
                P = Number("p"),
                Q = Number("q"),
                DP = Number("dp"),
                DQ = Number("dq"),
                InverseQ = Number("qi"),
            }))
            : new AuthorizationKey(id, ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP384,
                Q = new ECPoint { X = Number("x"), Y = Number("y") },
                D = Number("d"),
            }));
    }

    public byte[] Sign(byte[] text) => Sign(text, HashAlgorithmName.SHA384);

    public byte[] Sign(byte[] text, HashAlgorithmName hash, DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation) => Key switch
    {
        RSA rsa => rsa.SignData(text, hash, RSASignaturePadding.Pkcs1),
        _ => ((ECDsa)Key).SignData(text, hash, format),
    };

    /// <summary>The key as a JWK of its public half.</summary>
    public JsonObject PublicJwk()
    {
        if (Key is RSA rsa)
        {
            var parameters = rsa.ExportParameters(false);
            return new() { ["kty"] = "RSA", ["kid"] = Id, ["n"] = AuthorizationAssertion.Encode(parameters.Modulus!), ["e"] = AuthorizationAssertion.Encode(parameters.Exponent!) };
        }

        var point = ((ECDsa)Key).ExportParameters(false).Q;
        return new() { ["kty"] = "EC", ["kid"] = Id, ["crv"] = "P-384", ["x"] = AuthorizationAssertion.Encode(point.X!), ["y"] = AuthorizationAssertion.Encode(point.Y!) };
    }

    public static string Jwks(params JsonObject[] keys) => new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    public void Dispose() => Key.Dispose();

    private static byte[] Decode(string text) =>
        Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));
}
