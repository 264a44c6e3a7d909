using System.Security.Cryptography;
using System.Text;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Authorization;

/// <summary>Client id and secret in HTTP Basic, each form-encoded before they are joined (RFC 6749, 2.3.1).</summary>
internal sealed class ClientSecretVerifier(string clientId, string secret) : IClientVerifier
{
    private const string Scheme = "Basic ";

    public string Method => "client_secret_basic";

    public string Capability => "client-confidential-symmetric";

    public IReadOnlyList<string> Algorithms => [];

    public IReadOnlyList<string> Fields { get; } = [TokenFields.GrantType, TokenFields.Scope];

    /// <summary>A secret with characters that a client has to encode: one that does not is found out.</summary>
    public static string CreateSecret() => Base64Url.Encode(RandomNumberGenerator.GetBytes(24)) + "+%:/";

    public void Verify(Arrival arrival, TokenForm form, string tokenUrl)
    {
        var header = arrival.Header("Authorization");
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Refuse("The client has to identify itself with HTTP Basic.");
        }

        if (Read(header[Scheme.Length..].Trim()) is not [var id, var given])
        {
            throw Refuse("The Basic credentials are not the base64 of client id, colon and secret.");
        }

        if (!AreEqual(id, clientId))
        {
            throw Refuse("The client id is not registered.");
        }

        if (!AreEqual(given, secret))
        {
            throw Refuse("The client secret is wrong, or was not form-encoded before it was joined with the client id.");
        }
    }

    private static string[]? Read(string credentials)
    {
        var bytes = new byte[credentials.Length];
        return Convert.TryFromBase64String(credentials, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is { Length: 2 } parts
            ? [.. parts.Select(QueryString.Decode)]
            : null;
    }

    private static bool AreEqual(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    private static TokenRefusedException Refuse(string description) => new("invalid_client", description) { Challenge = "Basic realm=\"sandbox\"" };
}
