namespace GroupExport.Sandbox;

/// <summary>How a client proves to the sandbox that it may export.</summary>
public enum SandboxAuthorization
{
    /// <summary>Everything is open.</summary>
    None,

    /// <summary>Every request carries the token of <see cref="SandboxOptions.AccessToken"/>, which never expires.</summary>
    Token,

    /// <summary>Access tokens are given for signed assertions (SMART Backend Services, <c>private_key_jwt</c>).</summary>
    PrivateKeyJwt,

    /// <summary>Access tokens are given for client id and secret in HTTP Basic (<c>client_secret_basic</c>).</summary>
    ClientSecret,
}
