namespace GroupExport.Authorization;

/// <summary>
/// Keeps one access token for all who share a connection: renewed ahead of its expiry, or when the server rejects it, and asked for once
/// however many wait for it. There are no refresh tokens in SMART Backend Services.
/// </summary>
internal sealed class TokenManager(string method, Func<CancellationToken, Task<AccessToken>> request, TimeProvider clock) : IAccessTokens
{
    /// <summary>A token is renewed in the last fifth of its life, half a minute before its end at the most.</summary>
    private const int MarginPart = 5;

    private static readonly TimeSpan s_longestMargin = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private AccessToken? _current;
    private DateTimeOffset _renewAt;
    private Task<AccessToken>? _pending;

    public string Method => method;

    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken) =>
        (await Wanted(rejected: null).WaitAsync(cancellationToken).ConfigureAwait(false)).Value;

    public async ValueTask<string?> RenewAsync(string rejected, CancellationToken cancellationToken) =>
        (await Wanted(rejected).WaitAsync(cancellationToken).ConfigureAwait(false)).Value;

    public async ValueTask<AccessToken?> AskAnewAsync(CancellationToken cancellationToken) =>
        await Wanted(rejected: Volatile.Read(ref _current)?.Value).WaitAsync(cancellationToken).ConfigureAwait(false);

    public override string ToString() => Method;

    private Task<AccessToken> Wanted(string? rejected)
    {
        lock (_gate)
        {
            if (_pending is not null)
            {
                return _pending;
            }

            if (_current is not null && _current.Value != rejected && clock.GetUtcNow() < _renewAt)
            {
                return Task.FromResult(_current);
            }

            // Nobody's cancellation ends a request that others wait for too.
            return _pending = Task.Run(AskAsync);
        }
    }

    private async Task<AccessToken> AskAsync()
    {
        try
        {
            AccessToken token = await request(CancellationToken.None).ConfigureAwait(false);
            TimeSpan margin = token.Lifetime / MarginPart;
            lock (_gate)
            {
                _current = token;
                _renewAt = clock.GetUtcNow() + token.Lifetime - (margin < s_longestMargin ? margin : s_longestMargin);
            }

            return token;
        }
        finally
        {
            lock (_gate)
            {
                _pending = null;
            }
        }
    }
}
