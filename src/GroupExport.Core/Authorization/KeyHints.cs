namespace GroupExport.Authorization;

/// <summary>What a user says about a key beside the key itself.</summary>
/// <param name="Algorithm">RS384, ES384 or HS384; null follows the key.</param>
/// <param name="KeyId">The <c>kid</c> under which the server knows the key; null takes that of the JWK.</param>
/// <param name="Passphrase">Opens an encrypted PEM.</param>
internal sealed record KeyHints(string? Algorithm = null, string? KeyId = null, string? Passphrase = null)
{
    /// <summary>Without the passphrase, which a record would print.</summary>
    public override string ToString() => $"{Algorithm ?? "any algorithm"}, kid {KeyId ?? "not given"}";
}
