namespace GroupExport.Authorization;

/// <summary>An open server.</summary>
internal sealed class NoToken : IAccessTokens
{
    public string Method => "None";

    public ValueTask<string?> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public ValueTask<string?> RenewAsync(string rejected, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public ValueTask<AccessToken?> AskAnewAsync(CancellationToken cancellationToken) => ValueTask.FromResult<AccessToken?>(null);
}
