namespace GroupExport.Authorization;

/// <summary>How a client proves to a token endpoint who it is (RFC 6749, 2.3; SMART client-confidential-asymmetric).</summary>
internal interface IClientAuthentication
{
    /// <summary><c>PrivateKeyJwt</c> or <c>ClientSecret</c>.</summary>
    string Method { get; }

    string ClientId { get; }

    /// <summary>The thumbprint of the key's public part (RFC 7638); null where there is no key.</summary>
    string? KeyThumbprint { get; }

    /// <summary>Adds the proof to a token request: a fresh one each time.</summary>
    void Apply(HttpRequestMessage request, IDictionary<string, string> form, Uri tokenUri);
}
