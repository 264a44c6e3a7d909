namespace GroupExport.Authorization;

/// <summary>A token as a token endpoint gave it (RFC 6749, 5.1).</summary>
/// <param name="Value">What goes behind <c>Bearer</c>.</param>
/// <param name="Lifetime">How long it is good for.</param>
/// <param name="Scope">What was granted; null when the server does not say.</param>
internal sealed record AccessToken(string Value, TimeSpan Lifetime, string? Scope)
{
    /// <summary>Shows no token.</summary>
    public override string ToString() => $"access token for {Lifetime.TotalSeconds:0} s";
}
