namespace GroupExport.Sandbox.Authorization;

/// <summary>A token that was issued.</summary>
/// <param name="Scopes">What it allows.</param>
/// <param name="Expires">The first instant at which it is worth nothing.</param>
internal sealed record IssuedToken(ScopeSet Scopes, DateTimeOffset Expires);

/// <summary>The access tokens that the server knows.</summary>
internal interface ITokens
{
    /// <summary>Null when the token was never issued here; one that has expired is still found for a while.</summary>
    IssuedToken? Find(string token);
}
