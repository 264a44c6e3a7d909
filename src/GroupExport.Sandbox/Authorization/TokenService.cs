namespace GroupExport.Sandbox.Authorization;

/// <summary>What stands behind the token endpoint.</summary>
internal sealed record TokenService(IClientVerifier Client, ScopePolicy Scopes, TokenIssuer Issuer)
{
    /// <summary>Tells the method and no secret.</summary>
    public override string ToString() => Client.Method;
}
