namespace GroupExport.Sandbox.Authorization;

/// <summary>The algorithms that SMART asks for (client-confidential-asymmetric): RSA PKCS#1 v1.5 and ECDSA on P-384, both with SHA-384.</summary>
internal static class SigningAlgorithms
{
    public const string Rsa = "RS384";
    public const string EllipticCurve = "ES384";

    public static IReadOnlyList<string> All { get; } = [Rsa, EllipticCurve];
}
