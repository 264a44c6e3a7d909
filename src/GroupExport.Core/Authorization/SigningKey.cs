using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace GroupExport.Authorization;

/// <summary>A private key that is fit to sign client assertions, with the name the server knows it by.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly SigningCredentials _credentials;
    private readonly IDisposable? _owned;
    private bool _disposed;

    private SigningKey(SecurityKey key, string algorithm, string keyId, string thumbprint, IDisposable? owned)
    {
        key.KeyId = keyId;
        Algorithm = algorithm;
        KeyId = keyId;
        Thumbprint = thumbprint;
        _owned = owned;
        _credentials = new SigningCredentials(key, algorithm)
        {
            // The default factory caches signers by public key, process-wide: a key read again would get the signer of its disposed twin.
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        };
    }

    /// <summary><c>RS384</c>, <c>ES384</c> or <c>HS384</c>.</summary>
    public string Algorithm { get; }

    /// <summary>The <c>kid</c> in the header of assertions (SMART, client-confidential-asymmetric).</summary>
    public string KeyId { get; }

    /// <summary>The SHA-256 thumbprint of the public key (RFC 7638), base64url. For a symmetric key, which has no public part, that of its kid.</summary>
    public string Thumbprint { get; }

    /// <summary>What signs.</summary>
    /// <exception cref="ObjectDisposedException">The key was disposed.</exception>
    public SigningCredentials Credentials
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _credentials;
        }
    }

    /// <summary>Takes the key over, to dispose it.</summary>
    public static SigningKey Of(RSA key, string keyId)
    {
        RsaSecurityKey wrapped = new(key);
        return new SigningKey(wrapped, KeyAlgorithms.Rsa, keyId, Base64UrlEncoder.Encode(wrapped.ComputeJwkThumbprint()), key);
    }

    /// <inheritdoc cref="Of(RSA, string)"/>
    public static SigningKey Of(ECDsa key, string keyId)
    {
        ECDsaSecurityKey wrapped = new(key);
        return new SigningKey(wrapped, KeyAlgorithms.EllipticCurve, keyId, Base64UrlEncoder.Encode(wrapped.ComputeJwkThumbprint()), key);
    }

    /// <summary>A shared secret.</summary>
    /// <remarks>Its thumbprint by RFC 7638 would let who sees it test guesses of the secret (section 7 there), so the kid stands in for it.</remarks>
    public static SigningKey Of(byte[] secret, string keyId)
    {
        byte[] name = SHA256.HashData(Encoding.UTF8.GetBytes("oct " + keyId));
        return new SigningKey(new SymmetricSecurityKey(secret), KeyAlgorithms.Symmetric, keyId, Base64UrlEncoder.Encode(name), null);
    }

    public void Dispose()
    {
        _disposed = true;
        _owned?.Dispose();
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Algorithm} key {KeyId} ({Thumbprint})");
}
