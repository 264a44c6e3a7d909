using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace GroupExport.Authorization;

/// <summary>The numbers of a JWK as keys of the platform (RFC 7518 section 6).</summary>
/// <remarks>Makers of JWKs drop leading zeros or add one for the sign; the platform wants exact lengths.</remarks>
internal static class JwkNumbers
{
    private const int P384Bytes = 48;

    private static readonly byte[] s_probe = [1];

    /// <summary>Whether the JWK is or should be secret.</summary>
    public static bool IsPrivate(JsonWebKey key) => key.Kty == "oct" || !string.IsNullOrEmpty(key.D);

    public static RSA Rsa(JsonWebKey key)
    {
        Require(key.N, key.E, key.P, key.Q, key.DP, key.DQ, key.QI);
        byte[] modulus = Trimmed(key.N);
        int half = (modulus.Length + 1) / 2;
        RSAParameters numbers = new()
        {
            Modulus = modulus,
            Exponent = Trimmed(key.E),
            D = Exact(key.D, modulus.Length),
            P = Exact(key.P, half),
            Q = Exact(key.Q, half),
            DP = Exact(key.DP, half),
            DQ = Exact(key.DQ, half),
            InverseQ = Exact(key.QI, half),
        };
        RSA made = RSA.Create();
        return Checked(made, () =>
        {
            made.ImportParameters(numbers);
            byte[] signature = made.SignData(s_probe, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
            return made.VerifyData(s_probe, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        });
    }

    public static ECDsa Ecdsa(JsonWebKey key)
    {
        if (key.Crv != "P-384")
        {
            throw KeyAcceptance.WrongCurve("another one (its crv says so)");
        }

        Require(key.X, key.Y);
        ECParameters numbers = new()
        {
            Curve = ECCurve.NamedCurves.nistP384,
            Q = new ECPoint { X = Exact(key.X, P384Bytes), Y = Exact(key.Y, P384Bytes) },
            D = Exact(key.D, P384Bytes),
        };
        ECDsa made = ECDsa.Create();
        return Checked(made, () =>
        {
            made.ImportParameters(numbers);
            return made.VerifyData(s_probe, made.SignData(s_probe, HashAlgorithmName.SHA384), HashAlgorithmName.SHA384);
        });
    }

    public static byte[] Secret(JsonWebKey key)
    {
        Require(key.K);
        return Decoded(key.K);
    }

    /// <summary>OpenSSL checks on import that the numbers belong together; other platforms do not promise it, so the key signs once as a proof.</summary>
    private static TKey Checked<TKey>(TKey key, Func<bool> importAndTry)
        where TKey : IDisposable
    {
        bool good = false;
        try
        {
            good = importAndTry();
        }
        catch (CryptographicException)
        {
        }

        if (!good)
        {
            key.Dispose();
            throw ForeignText.Unreadable("a JWK whose numbers do not belong together");
        }

        return key;
    }

    private static void Require(params string?[] members)
    {
        if (members.Any(string.IsNullOrEmpty))
        {
            throw ForeignText.Unreadable("a private JWK that is not complete (RSA: n, e, d, p, q, dp, dq, qi; EC: crv, x, y, d; oct: k)");
        }
    }

    private static byte[] Exact(string member, int length)
    {
        byte[] number = Trimmed(member);
        return number.Length <= length
            ? [.. new byte[length - number.Length], .. number]
            : throw ForeignText.Unreadable("a JWK with a number that is too long for its key");
    }

    private static byte[] Trimmed(string member) => [.. Decoded(member).SkipWhile(value => value == 0)];

    private static byte[] Decoded(string member)
    {
        try
        {
            return Base64UrlEncoder.DecodeBytes(member);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException)
        {
            throw ForeignText.Unreadable("a JWK with a number that is no base64url");
        }
    }
}
