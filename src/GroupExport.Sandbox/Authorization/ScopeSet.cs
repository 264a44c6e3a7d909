namespace GroupExport.Sandbox.Authorization;

/// <summary>The rights that come with a token.</summary>
internal sealed class ScopeSet(IReadOnlyList<Scope> scopes)
{
    /// <summary>All rights to read.</summary>
    public static ScopeSet ReadAll { get; } = new([new Scope("system/*.rs", "*", Scope.Export)]);

    public IReadOnlyList<Scope> Scopes => scopes;

    public bool Covers(string resourceType, string rights) => rights.All(right => scopes.Any(scope => scope.Covers(resourceType, right)));

    /// <summary>Whether a scope is there as it is written.</summary>
    public bool Names(string text) => scopes.Any(scope => scope.Text == text);

    /// <summary>As in a token answer.</summary>
    public override string ToString() => string.Join(' ', scopes.Select(scope => scope.Text));
}
