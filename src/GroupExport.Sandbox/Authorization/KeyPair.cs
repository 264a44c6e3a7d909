using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Authorization;

/// <summary>A key pair made for one run of the sandbox: the public half is registered, the private one handed to the client as a JWK.</summary>
internal sealed record KeyPair(VerificationKey Public, string PrivateJwk)
{
    private const int RsaBits = 2048;

    public static KeyPair Create(string algorithm)
    {
        var id = "sandbox-" + Convert.ToHexString(RandomNumberGenerator.GetBytes(4)).ToLowerInvariant();
        return algorithm == SigningAlgorithms.Rsa ? CreateRsa(id) : CreateEllipticCurve(id);
    }

    /// <summary>Names no part of the key.</summary>
    public override string ToString() => $"{Public.Algorithm} key {Public.Id}";

    private static KeyPair CreateRsa(string id)
    {
        using var key = RSA.Create(RsaBits);
        var secret = key.ExportParameters(includePrivateParameters: true);
        return new KeyPair(VerificationKey.Rsa(id, key.ExportParameters(includePrivateParameters: false)), Jwk(id, SigningAlgorithms.Rsa, "RSA", json =>
        {
            WriteNumber(json, "n", secret.Modulus);
            WriteNumber(json, "e", secret.Exponent);
            WriteNumber(json, "d", secret.D);
            WriteNumber(json, "p", secret.P);
            WriteNumber(json, "q", secret.Q);
            WriteNumber(json, "dp", secret.DP);
            WriteNumber(json, "dq", secret.DQ);
            WriteNumber(json, "qi", secret.InverseQ);
        }));
    }

    private static KeyPair CreateEllipticCurve(string id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var secret = key.ExportParameters(includePrivateParameters: true);
        return new KeyPair(VerificationKey.EllipticCurve(id, key.ExportParameters(includePrivateParameters: false)), Jwk(id, SigningAlgorithms.EllipticCurve, "EC", json =>
        {
            json.WriteString("crv"u8, "P-384"u8);
            WriteNumber(json, "x", secret.Q.X);
            WriteNumber(json, "y", secret.Q.Y);
            WriteNumber(json, "d", secret.D);
        }));
    }

    private static string Jwk(string id, string algorithm, string type, Action<Utf8JsonWriter> writeNumbers) => Encoding.UTF8.GetString(JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("kty"u8, type);
        json.WriteString("kid"u8, id);
        json.WriteString("alg"u8, algorithm);
        json.WriteString("use"u8, "sig"u8);
        writeNumbers(json);
        json.WriteEndObject();
    }).Span);

    private static void WriteNumber(Utf8JsonWriter json, string name, byte[]? number) => json.WriteString(name, Base64Url.Encode(number));
}
