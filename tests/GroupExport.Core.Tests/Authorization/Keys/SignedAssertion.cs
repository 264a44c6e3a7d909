using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace GroupExport.Tests.Authorization.Keys;

/// <summary>A JWT taken apart and verified with the platform's own cryptography, not with the library that signs.</summary>
internal sealed class SignedAssertion
{
    private readonly byte[] _signed;
    private readonly byte[] _signature;

    public SignedAssertion(string compact)
    {
        string[] parts = compact.Split('.');
        Assert.Equal(3, parts.Length);
        _signed = Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]);
        _signature = Decode(parts[2]);
        Header = JsonDocument.Parse(Decode(parts[0])).RootElement;
        Claims = JsonDocument.Parse(Decode(parts[1])).RootElement;
    }

    public JsonElement Header { get; }

    public JsonElement Claims { get; }

    public bool IsSignedBy(RSA key) => key.VerifyData(_signed, _signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);

    public bool IsSignedBy(ECDsa key) =>
        _signature.Length == 96 && key.VerifyData(_signed, _signature, HashAlgorithmName.SHA384, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public bool IsSignedBy(byte[] secret) => HMACSHA384.HashData(secret, _signed).AsSpan().SequenceEqual(_signature);

    private static byte[] Decode(string part)
    {
        Assert.DoesNotContain('=', part);
        return MadeKeys.Decode(part);
    }
}
