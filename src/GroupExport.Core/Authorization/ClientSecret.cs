using System.Net.Http.Headers;
using System.Text;

namespace GroupExport.Authorization;

/// <summary>A client id and secret in the Basic scheme, each form-encoded first (RFC 6749, 2.3.1).</summary>
internal sealed class ClientSecret(string clientId, string secret) : IClientAuthentication
{
    public string Method => nameof(ClientSecret);

    public string ClientId => clientId;

    public string? KeyThumbprint => null;

    public string? KeyName => null;

    public string RegisteredMethod => "client_secret_basic";

    public string? Algorithm => null;

    public IReadOnlyList<string> Secrets => [secret, Pair];

    private string Pair => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}"));

    public void Apply(HttpRequestMessage request, IDictionary<string, string> form, Uri tokenUri) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Pair);

    public override string ToString() => Method;
}
