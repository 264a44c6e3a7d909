using System.Formats.Asn1;
using System.Security.Cryptography;

namespace GroupExport.Authorization;

/// <summary>Private keys in PEM (RFC 7468): PKCS#8 (RFC 5958), also encrypted, PKCS#1 (RFC 8017) and SEC1 (RFC 5915).</summary>
internal static class PemReader
{
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";

    public static SigningKey Read(string text, KeyHints hints)
    {
        // What environment variables and vaults make of line breaks; base64 has no backslash.
        string pem = text.Replace("\\r", "", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal);
        List<(string Label, byte[] Data)> blocks = Blocks(pem);
        try
        {
            (string Label, byte[] Data)[] keys = [.. blocks.Where(block => block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))];
            return keys.Length switch
            {
                1 => Read(keys[0].Label, keys[0].Data, hints),
                0 => throw NoPrivateKey(pem, blocks),
                _ => throw new ExportException(
                    ExportErrorKind.KeyAmbiguous,
                    $"The PEM holds {keys.Length} private keys. Give one that has only the key to sign with."),
            };
        }
        finally
        {
            blocks.ForEach(block => CryptographicOperations.ZeroMemory(block.Data));
        }
    }

    private static SigningKey Read(string label, byte[] data, KeyHints hints) => label switch
    {
        "PRIVATE KEY" => ReadPkcs8(data, hints),
        "ENCRYPTED PRIVATE KEY" => ReadEncrypted(data, hints),
        "RSA PRIVATE KEY" => KeyAcceptance.Accept(Rsa(key => key.ImportRSAPrivateKey(data, out _)) ?? throw Damaged(), hints),
        "EC PRIVATE KEY" => KeyAcceptance.Accept(Ecdsa(key => key.ImportECPrivateKey(data, out _)) ?? throw Damaged(), hints),
        "OPENSSH PRIVATE KEY" => throw ForeignText.Unreadable("in the format of OpenSSH. Convert a copy with: ssh-keygen -p -m PKCS8 -f <copy>"),
        _ => throw NeitherRsaNorEllipticCurve(),
    };

    private static SigningKey ReadPkcs8(byte[] data, KeyHints hints) => AlgorithmOfPkcs8(data) switch
    {
        RsaEncryption => KeyAcceptance.Accept(Rsa(key => key.ImportPkcs8PrivateKey(data, out _)) ?? throw Damaged(), hints),
        EllipticCurve => KeyAcceptance.Accept(Ecdsa(key => key.ImportPkcs8PrivateKey(data, out _)) ?? throw Damaged(), hints),
        null => throw Damaged(),
        _ => throw NeitherRsaNorEllipticCurve(),
    };

    private static SigningKey ReadEncrypted(byte[] data, KeyHints hints)
    {
        if (string.IsNullOrEmpty(hints.Passphrase))
        {
            throw new ExportException(ExportErrorKind.WrongPassphrase, "The private key is encrypted and no passphrase was given. Give its passphrase.");
        }

        // What is inside shows only when it is open, so both kinds are tried.
        if (Rsa(key => key.ImportEncryptedPkcs8PrivateKey(hints.Passphrase, data, out _)) is { } rsa)
        {
            return KeyAcceptance.Accept(rsa, hints);
        }

        return Ecdsa(key => key.ImportEncryptedPkcs8PrivateKey(hints.Passphrase, data, out _)) is { } ecdsa
            ? KeyAcceptance.Accept(ecdsa, hints)
            : throw new ExportException(
                ExportErrorKind.WrongPassphrase,
                "The passphrase does not open the private key, or what it opens is no RSA or elliptic curve key. Check it; a line break at its end counts.");
    }

    private static List<(string Label, byte[] Data)> Blocks(string pem)
    {
        List<(string, byte[])> blocks = [];
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            byte[] data = new byte[fields.DecodedDataLength];
            if (Convert.TryFromBase64Chars(rest[fields.Base64Data], data, out _))
            {
                blocks.Add((rest[fields.Label].ToString(), data));
            }

            rest = rest[fields.Location.End..];
        }

        return blocks;
    }

    private static ExportException NoPrivateKey(string pem, List<(string Label, byte[] Data)> blocks)
    {
        if (pem.Contains("Proc-Type:", StringComparison.Ordinal))
        {
            return ForeignText.Unreadable("a PEM encrypted in the old way of OpenSSL. Convert it with: openssl pkcs8 -topk8 -in <old> -out <new>");
        }

        // A block that is cut off is not among those found.
        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return Damaged();
        }

        return blocks.Select(block => block.Label).FirstOrDefault() switch
        {
            "PUBLIC KEY" or "RSA PUBLIC KEY" or "EC PUBLIC KEY" => ForeignText.NotPrivate("a public key"),
            "CERTIFICATE" => ForeignText.NotPrivate("a certificate, which holds only the public key"),
            null => Damaged(),
            _ => ForeignText.Unreadable("a PEM of another thing than a private key"),
        };
    }

    /// <summary>The algorithm that a PKCS#8 key names (RFC 5958 section 2), or null for what is no PKCS#8.</summary>
    private static string? AlgorithmOfPkcs8(byte[] data)
    {
        try
        {
            AsnReader key = new AsnReader(data, AsnEncodingRules.BER).ReadSequence();
            key.ReadIntegerBytes();
            return key.ReadSequence().ReadObjectIdentifier();
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static RSA? Rsa(Action<RSA> import)
    {
        RSA key = RSA.Create();
        return Imported(key, () => import(key)) ? key : null;
    }

    private static ECDsa? Ecdsa(Action<ECDsa> import)
    {
        ECDsa key = ECDsa.Create();
        return Imported(key, () => import(key)) ? key : null;
    }

    private static bool Imported(IDisposable key, Action import)
    {
        try
        {
            import();
            return true;
        }
        catch (Exception fault) when (fault is CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose();
            return false;
        }
    }

    private static ExportException Damaged() => ForeignText.Unreadable("a PEM that is damaged or cut off, or on a curve that is not known here");

    private static ExportException NeitherRsaNorEllipticCurve() => new(
        ExportErrorKind.KeyAlgorithmMismatch,
        "The private key is of a kind that cannot sign here (such as Ed25519, RSA-PSS or DSA). Use RSA (RS384) or P-384 (ES384).");
}
