namespace GroupExport.Authorization;

/// <summary>A signed assertion, new for each request (SMART client-confidential-asymmetric, RFC 7523).</summary>
internal sealed class PrivateKeyJwt(SigningKey key, string clientId, TimeProvider clock) : IClientAuthentication
{
    public string Method => nameof(PrivateKeyJwt);

    public string ClientId => clientId;

    public string? KeyThumbprint => key.Thumbprint;

    public string? KeyName => key.ToString();

    public string RegisteredMethod => "private_key_jwt";

    public string? Algorithm => key.Algorithm;

    public IReadOnlyList<string> Secrets => [];

    public void Apply(HttpRequestMessage request, IDictionary<string, string> form, Uri tokenUri)
    {
        form["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        form["client_assertion"] = new ClientAssertion(key, clientId, tokenUri, clock).Create();
    }

    public override string ToString() => Method;
}
