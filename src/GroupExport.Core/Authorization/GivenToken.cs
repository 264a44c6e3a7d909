namespace GroupExport.Authorization;

/// <summary>An access token that somebody obtained elsewhere; it cannot be renewed.</summary>
internal sealed class GivenToken(string token) : IAccessTokens
{
    public string Method => "AccessToken";

    public ValueTask<string?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(token);

    public ValueTask<string?> RenewAsync(string rejected, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public ValueTask<AccessToken?> AskAnewAsync(CancellationToken cancellationToken) => ValueTask.FromResult<AccessToken?>(null);

    public override string ToString() => Method;
}
