namespace GroupExport.Authorization;

/// <summary>Says what a text is that is neither JWK nor PEM, without showing any of it.</summary>
internal static class ForeignText
{
    private const string Accepted = "Accepted are a JWK or JWK Set (JSON) and PEM (PKCS#8, PKCS#1, SEC1).";

    private static readonly string[] s_keyFileEndings = [".pem", ".key", ".jwk", ".json", ".jwks", ".pfx", ".p12", ".txt"];

    public static ExportException Fault(string text)
    {
        if (text.StartsWith("ssh-", StringComparison.Ordinal) || text.StartsWith("ecdsa-sha2-", StringComparison.Ordinal))
        {
            return NotPrivate("a public key of OpenSSH");
        }

        return Unreadable(Describe(text));
    }

    /// <summary>The fault of a text that was recognized as <paramref name="seen"/>.</summary>
    public static ExportException Unreadable(string seen) =>
        new(ExportErrorKind.KeyUnreadable, $"The private key cannot be read: it is {seen}. {Accepted}");

    /// <summary>The fault of a public key.</summary>
    public static ExportException NotPrivate(string seen) =>
        new(ExportErrorKind.KeyNotPrivate, $"This is {seen}; signing needs the private key that belongs to it.");

    private static string Describe(string text)
    {
        if (text.Length == 0)
        {
            return "empty";
        }

        if (text.Any(c => c == '\uFFFD' || (char.IsControl(c) && !char.IsWhiteSpace(c))))
        {
            return "binary (DER or PKCS#12, such as .pfx or .p12). Load a PKCS#12 file with Get-PfxCertificate and give the certificate, or convert the file to PEM";
        }

        if (text.StartsWith('<'))
        {
            return "HTML or XML, not a key";
        }

        if (text.StartsWith('['))
        {
            return "a JSON list. Give one JWK, or a JWK Set: an object with \"keys\"";
        }

        if (text.StartsWith("PuTTY-User-Key-File", StringComparison.Ordinal))
        {
            return "a PuTTY key. Export it in PuTTYgen as OpenSSL (PEM) key";
        }

        if (s_keyFileEndings.Any(ending => text.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) && !text.Contains('\n'))
        {
            return "the path of a file. Give a path with -PrivateKeyPath";
        }

        if (text.StartsWith("eyJ", StringComparison.Ordinal))
        {
            return "base64url that looks like a token (JWT) or an encrypted JWK";
        }

        return text.All(c => char.IsAsciiLetterOrDigit(c) || char.IsWhiteSpace(c) || c is '+' or '/' or '=' or '-' or '_')
            ? "bare base64 or plain words, without the BEGIN and END lines of a PEM"
            : "text of another kind";
    }
}
