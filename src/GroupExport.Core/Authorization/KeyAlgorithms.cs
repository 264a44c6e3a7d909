using System.Security.Cryptography;

namespace GroupExport.Authorization;

/// <summary>The signature algorithms of client assertions (RFC 7518 section 3.1): RS384 and ES384 of SMART, and HS384 for shared secrets.</summary>
internal static class KeyAlgorithms
{
    public const string Rsa = "RS384";
    public const string EllipticCurve = "ES384";
    public const string Symmetric = "HS384";

    /// <summary>The one algorithm of a kind of key, by the <c>kty</c> of its JWK; null for a kind that cannot sign here.</summary>
    public static string? OfKeyType(string? keyType) => keyType switch
    {
        "RSA" => Rsa,
        "EC" => EllipticCurve,
        "oct" => Symmetric,
        _ => null,
    };

    /// <summary>Whether the key is on P-384, the only curve of ES384 (RFC 7518 section 3.4). Brainpool has a curve of the same size.</summary>
    public static bool IsP384(ECDsa key)
    {
        if (key.KeySize != 384)
        {
            return false;
        }

        ECCurve curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && (curve.Oid.Value == "1.3.132.0.34" || curve.Oid.FriendlyName is "nistP384" or "ECDSA_P384" or "secp384r1");
    }
}
