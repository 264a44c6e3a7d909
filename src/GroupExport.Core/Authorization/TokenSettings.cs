namespace GroupExport.Authorization;

/// <summary>What tokens are asked for with.</summary>
/// <param name="Client">How the client proves who it is.</param>
/// <param name="FhirBase">Where the token URL is looked up when it is not given.</param>
/// <param name="TokenUri">The token URL; null means by discovery.</param>
/// <param name="Scope">The scopes, separated by spaces; null means what fits the server (none for Redox).</param>
internal sealed record TokenSettings(IClientAuthentication Client, Uri FhirBase, Uri? TokenUri, string? Scope);
