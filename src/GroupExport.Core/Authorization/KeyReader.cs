using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GroupExport.Authorization;

/// <summary>Reads a private key in the forms that people have.</summary>
/// <remarks>No message holds any of the text, and no cause is kept: parsers quote what they stumble over.</remarks>
internal static class KeyReader
{
    /// <summary>Reads a JWK, a JWK Set (RFC 7517) or a PEM (RFC 7468: PKCS#8 plain or encrypted, PKCS#1, SEC1).</summary>
    /// <exception cref="ExportException">A <c>Key...</c> kind, or WrongPassphrase.</exception>
    public static SigningKey Read(string text, KeyHints hints)
    {
        string key = text.Trim().TrimStart('\uFEFF').TrimStart();
        if (key.StartsWith('{'))
        {
            return JwkReader.Read(key, hints);
        }

        return key.Contains("-----BEGIN ", StringComparison.Ordinal)
            ? PemReader.Read(key, hints)
            : throw ForeignText.Fault(key);
    }

    /// <summary>Takes the private key of a certificate, which stays the caller's. The key may be one that cannot be exported.</summary>
    /// <exception cref="ExportException">A <c>Key...</c> kind.</exception>
    public static SigningKey Read(X509Certificate2 certificate, KeyHints hints)
    {
        if (!certificate.HasPrivateKey)
        {
            throw new ExportException(
                ExportErrorKind.KeyNotPrivate,
                "The certificate has no private key here. Load it from a store or a PKCS#12 file (.pfx, .p12) that has the private key.");
        }

        try
        {
            if (certificate.GetRSAPrivateKey() is { } rsa)
            {
                return KeyAcceptance.Accept(rsa, hints);
            }

            if (certificate.GetECDsaPrivateKey() is { } ecdsa)
            {
                return KeyAcceptance.Accept(ecdsa, hints);
            }
        }
        catch (CryptographicException)
        {
            throw new ExportException(
                ExportErrorKind.KeyUnreadable,
                "The private key of the certificate cannot be opened. Check that this user may use it.");
        }

        throw new ExportException(
            ExportErrorKind.KeyAlgorithmMismatch,
            "The certificate's key is neither RSA nor elliptic curve. Use RSA (RS384) or P-384 (ES384).");
    }
}
