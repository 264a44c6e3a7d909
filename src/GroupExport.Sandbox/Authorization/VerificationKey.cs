using System.Security.Cryptography;

namespace GroupExport.Sandbox.Authorization;

/// <summary>A public key with which a client was registered. It fits one algorithm only, whatever a token's header claims.</summary>
internal sealed class VerificationKey
{
    private readonly Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, bool> _verify;

    private VerificationKey(string id, string algorithm, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, bool> verify)
    {
        Id = id;
        Algorithm = algorithm;
        _verify = verify;
    }

    public string Id { get; }

    public string Algorithm { get; }

    public static VerificationKey Rsa(string id, RSAParameters parameters) => new(id, SigningAlgorithms.Rsa, (text, signature) =>
    {
        using var key = RSA.Create(parameters);
        return key.VerifyData(text.Span, signature.Span, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
    });

    // JWS wants R and S one behind the other, 48 bytes each, not DER (RFC 7518, 3.4).
    public static VerificationKey EllipticCurve(string id, ECParameters parameters) => new(id, SigningAlgorithms.EllipticCurve, (text, signature) =>
    {
        using var key = ECDsa.Create(parameters);
        return signature.Length == 96
            && key.VerifyData(text.Span, signature.Span, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    });

    public bool Verify(ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> signature) => _verify(text, signature);
}
