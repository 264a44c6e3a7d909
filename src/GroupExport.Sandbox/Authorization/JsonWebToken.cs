using System.Text;
using System.Text.Json;

namespace GroupExport.Sandbox.Authorization;

/// <summary>A signed JWT in compact form (RFC 7515, RFC 7519), taken apart and not yet verified.</summary>
/// <param name="Header">The members of the JOSE header.</param>
/// <param name="Claims">The members of the payload.</param>
/// <param name="SignedText">What the signature covers.</param>
/// <param name="Signature">The signature.</param>
internal sealed record JsonWebToken(
    IReadOnlyDictionary<string, JsonElement> Header,
    IReadOnlyDictionary<string, JsonElement> Claims,
    ReadOnlyMemory<byte> SignedText,
    ReadOnlyMemory<byte> Signature)
{
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    public static JsonWebToken Parse(string text)
    {
        var parts = text.Split('.');
        if (parts.Length != 3)
        {
            throw TokenRefusedException.InvalidClient("The assertion must have three parts.");
        }

        return new JsonWebToken(
            Members(parts[0], "header"),
            Members(parts[1], "payload"),
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            Decode(parts[2], "signature"));
    }

    private static byte[] Decode(string part, string name) =>
        Base64Url.TryDecode(part, out var bytes) ? bytes : throw Malformed(name, "not base64url");

    // A name that stands twice is refused, because readers disagree on which one counts.
    private static Dictionary<string, JsonElement> Members(string part, string name)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(s_utf8.GetString(Decode(part, name)));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Malformed(name, "not a JSON object");
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (!members.TryAdd(member.Name, member.Value.Clone()))
                {
                    throw Malformed(name, "ambiguous: a name stands twice");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw Malformed(name, "not valid JSON");
        }

        return members;
    }

    private static TokenRefusedException Malformed(string part, string what) => TokenRefusedException.InvalidClient($"The assertion's {part} is {what}.");
}
