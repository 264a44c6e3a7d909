using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace GroupExport.Authorization;

/// <summary>Private keys as JWK or JWK Set (RFC 7517).</summary>
internal static class JwkReader
{
    public static SigningKey Read(string json, KeyHints hints)
    {
        using JsonDocument document = Parse(json);
        if (!document.RootElement.TryGetProperty("keys", out JsonElement keys))
        {
            return Read(ToJwk(document.RootElement), hints);
        }

        if (keys.ValueKind != JsonValueKind.Array || keys.GetArrayLength() == 0)
        {
            throw ForeignText.Unreadable("a JWK Set without keys");
        }

        return Read(Choose([.. keys.EnumerateArray().Select(ToJwk)], hints), hints);
    }

    /// <summary>The one key to sign with: private, not for encryption, and of the kid and algorithm that are named.</summary>
    private static JsonWebKey Choose(JsonWebKey[] keys, KeyHints hints)
    {
        JsonWebKey[] found = [.. keys.Where(JwkNumbers.IsPrivate)];
        if (found.Length == 0)
        {
            throw ForeignText.NotPrivate("a JWK Set of public keys");
        }

        found = found.Where(key => key.Use != "enc").ToArray() is { Length: > 0 } forSigning ? forSigning : found;
        if (!string.IsNullOrWhiteSpace(hints.KeyId))
        {
            found = [.. found.Where(key => key.Kid == hints.KeyId || (found.Length == 1 && key.Kid is null))];
            if (found.Length == 0)
            {
                throw new ExportException(
                    ExportErrorKind.KeyIdMissing,
                    "No private key of the JWK Set has the key id (kid) that was given. Give the kid of one of its keys.");
            }
        }

        if (found.Length > 1 && hints.Algorithm is not null)
        {
            JsonWebKey[] fitting = [.. found.Where(key => hints.Algorithm.Equals(KeyAlgorithms.OfKeyType(key.Kty), StringComparison.OrdinalIgnoreCase))];
            found = fitting.Length > 0 ? fitting : found;
        }

        return found.Length == 1
            ? found[0]
            : throw new ExportException(
                ExportErrorKind.KeyAmbiguous,
                $"The JWK Set holds {found.Length} private keys that could sign. Name one by its key id (kid).");
    }

    private static SigningKey Read(JsonWebKey key, KeyHints hints)
    {
        if (KeyAlgorithms.OfKeyType(key.Kty) is not { } algorithm)
        {
            throw new ExportException(
                ExportErrorKind.KeyAlgorithmMismatch,
                "The JWK is of a kind (kty) that cannot sign here. Use RSA (RS384), EC on P-384 (ES384) or oct (HS384).");
        }

        if (!JwkNumbers.IsPrivate(key))
        {
            throw ForeignText.NotPrivate("a public JWK (it has no d)");
        }

        CheckPurpose(key, algorithm, hints);
        return key.Kty switch
        {
            "RSA" => KeyAcceptance.Accept(JwkNumbers.Rsa(key), hints, key.Kid),
            "EC" => KeyAcceptance.Accept(JwkNumbers.Ecdsa(key), hints, key.Kid),
            _ => KeyAcceptance.Accept(JwkNumbers.Secret(key), hints, key.Kid),
        };
    }

    /// <summary>What the JWK says it is for: <c>use</c>, <c>key_ops</c> and <c>alg</c> (RFC 7517 sections 4.2 to 4.4). A named algorithm outranks <c>alg</c>.</summary>
    private static void CheckPurpose(JsonWebKey key, string algorithm, KeyHints hints)
    {
        if (key.Use == "enc" || (key.KeyOps.Count > 0 && !key.KeyOps.Contains("sign")))
        {
            throw new ExportException(ExportErrorKind.KeyAlgorithmMismatch, "The JWK is not meant for signing (its use or key_ops say so). Give the signing key.");
        }

        if (hints.Algorithm is null && key.Alg is { Length: > 0 } meant && meant != algorithm)
        {
            throw new ExportException(
                ExportErrorKind.KeyAlgorithmMismatch,
                $"The JWK is meant for another algorithm (its alg says so) than {algorithm}, the one of its kind here. Name {algorithm} if the server takes it from this key.");
        }
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException fault)
        {
            throw ForeignText.Unreadable($"JSON that is damaged or cut off at line {fault.LineNumber + 1}");
        }
    }

    private static JsonWebKey ToJwk(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("kty", out _))
        {
            throw ForeignText.Unreadable("JSON that is no JWK: it has no kty");
        }

        try
        {
            return new JsonWebKey(element.GetRawText());
        }
        catch (ArgumentException)
        {
            throw ForeignText.Unreadable("a JWK with a member of the wrong type");
        }
    }
}
