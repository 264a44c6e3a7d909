namespace GroupExport.Authorization;

/// <summary>What tokens are asked for with.</summary>
/// <param name="Client">How the client proves who it is.</param>
/// <param name="FhirBase">Where the token URL is looked up when it is not given.</param>
/// <param name="TokenUri">The token URL; null means by discovery.</param>
/// <param name="Scope">The scopes, separated by spaces; empty asks for none; null means what discovery says fits the server, and none where the token URL is given.</param>
internal sealed record TokenSettings(IClientAuthentication Client, Uri FhirBase, Uri? TokenUri, string? Scope)
{
    /// <summary>
    /// The settings for a server that is no Redox destination: SMART wants a scope in every token request (SMART App Launch 2.2, Backend Services).
    /// Where the token URL is given nobody asks for discovery, and a server that has none is likelier an old one.
    /// </summary>
    public static TokenSettings ForFhir(IClientAuthentication client, Uri fhirBase, Uri? tokenUri, string? scope) =>
        new(client, fhirBase, tokenUri, scope ?? (tokenUri is null ? null : SmartScope.AllOfVersion1));
}
