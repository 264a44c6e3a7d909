using System.Diagnostics.CodeAnalysis;

namespace GroupExport.Sandbox.Authorization;

/// <summary>Base64url without padding (RFC 7515, 2); reading is strict, so that a value has one spelling only.</summary>
internal static class Base64Url
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 == 1 || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return false;
        }

        var decoded = Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '='));
        if (Encode(decoded) != text)
        {
            return false;
        }

        bytes = decoded;
        return true;
    }
}
