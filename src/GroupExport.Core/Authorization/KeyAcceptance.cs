using System.Security.Cryptography;

namespace GroupExport.Authorization;

/// <summary>The last gate of every key, whatever form it came in: kind and curve, strength, algorithm, kid.</summary>
internal static class KeyAcceptance
{
    /// <summary>RFC 7518 section 3.3.</summary>
    private const int MinimumRsaBits = 2048;

    /// <summary>RFC 7518 section 3.2: as long as the hash.</summary>
    private const int MinimumSecretBytes = 48;

    /// <summary>Longer than any kid in use; a key that is given as kid by mistake is longer.</summary>
    private const int LongestKeyId = 256;

    /// <summary>Accepts the key, or disposes it.</summary>
    public static SigningKey Accept(RSA key, KeyHints hints, string? keyId = null) => Disposing(key, () =>
    {
        if (key.KeySize < MinimumRsaBits)
        {
            throw new ExportException(
                ExportErrorKind.KeyTooWeak,
                $"The RSA key has {key.KeySize} bits; at least {MinimumRsaBits} are needed. Make a new one and register its public part.");
        }

        CheckAlgorithm(KeyAlgorithms.Rsa, "An RSA key", hints);
        return SigningKey.Of(key, KeyId(hints, keyId));
    });

    /// <inheritdoc cref="Accept(RSA, KeyHints, string?)"/>
    public static SigningKey Accept(ECDsa key, KeyHints hints, string? keyId = null) => Disposing(key, () =>
    {
        if (!KeyAlgorithms.IsP384(key))
        {
            throw WrongCurve($"another one ({key.KeySize} bits)");
        }

        CheckAlgorithm(KeyAlgorithms.EllipticCurve, "An elliptic curve key", hints);
        return SigningKey.Of(key, KeyId(hints, keyId));
    });

    /// <summary>Accepts a shared secret.</summary>
    public static SigningKey Accept(byte[] secret, KeyHints hints, string? keyId)
    {
        if (secret.Length < MinimumSecretBytes)
        {
            throw new ExportException(
                ExportErrorKind.KeyTooWeak,
                $"The symmetric key has {secret.Length} bytes; HS384 needs at least {MinimumSecretBytes}. Make a new one and register it.");
        }

        CheckAlgorithm(KeyAlgorithms.Symmetric, "A symmetric key", hints);
        return SigningKey.Of(secret, KeyId(hints, keyId));
    }

    public static ExportException WrongCurve(string seen) => new(
        ExportErrorKind.KeyAlgorithmMismatch,
        $"Elliptic curve keys must be on the curve P-384, for ES384; this one is on {seen}. Make a new one and register its public part.");

    private static void CheckAlgorithm(string fitting, string what, KeyHints hints)
    {
        if (hints.Algorithm is not null && !hints.Algorithm.Equals(fitting, StringComparison.OrdinalIgnoreCase))
        {
            throw new ExportException(
                ExportErrorKind.KeyAlgorithmMismatch,
                $"{what} signs with {fitting}, not with the algorithm that was named. Leave the algorithm out, or give the key that belongs to it.");
        }
    }

    private static string KeyId(KeyHints hints, string? ownKeyId)
    {
        string? keyId = string.IsNullOrWhiteSpace(hints.KeyId) ? ownKeyId : hints.KeyId;
        if (string.IsNullOrWhiteSpace(keyId))
        {
            throw new ExportException(
                ExportErrorKind.KeyIdMissing,
                "The key has no key id (kid), and without one the server cannot tell which key signed. Give the kid under which its public part is registered.");
        }

        if (keyId.Length > LongestKeyId || keyId.Any(char.IsControl))
        {
            throw new ExportException(
                ExportErrorKind.InvalidParameter,
                $"The key id is longer than {LongestKeyId} characters or has line breaks in it. Give the kid alone, not the key.");
        }

        return keyId;
    }

    private static SigningKey Disposing(IDisposable key, Func<SigningKey> accept)
    {
        try
        {
            return accept();
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
