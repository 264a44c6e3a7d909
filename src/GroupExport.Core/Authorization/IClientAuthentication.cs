namespace GroupExport.Authorization;

/// <summary>How a client proves to a token endpoint who it is (RFC 6749, 2.3; SMART client-confidential-asymmetric).</summary>
internal interface IClientAuthentication
{
    /// <summary><c>PrivateKeyJwt</c> or <c>ClientSecret</c>.</summary>
    string Method { get; }

    string ClientId { get; }

    /// <summary>The thumbprint of the key's public part (RFC 7638); null where there is no key.</summary>
    string? KeyThumbprint { get; }

    /// <summary>The key in words: algorithm, kid and thumbprint; null where there is no key.</summary>
    string? KeyName { get; }

    /// <summary>What the method is called in discovery documents (<c>token_endpoint_auth_methods_supported</c>, RFC 8414).</summary>
    string RegisteredMethod { get; }

    /// <summary>The algorithm that assertions are signed with; null where there is no key.</summary>
    string? Algorithm { get; }

    /// <summary>What may not be shown when a server repeats it. Assertions need not be named: they look like what they are.</summary>
    IReadOnlyList<string> Secrets { get; }

    /// <summary>Adds the proof to a token request: a fresh one each time.</summary>
    void Apply(HttpRequestMessage request, IDictionary<string, string> form, Uri tokenUri);
}
