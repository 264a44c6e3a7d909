namespace GroupExport.Authorization;

/// <summary>
/// Keeps one access token for all who share a connection: renewed ahead of its expiry, or when the server rejects it, and asked for once
/// however many wait for it. There are no refresh tokens in SMART Backend Services.
/// </summary>
/// <param name="method">How the connection is authorized, in a word.</param>
/// <param name="request">Requests a token once.</param>
/// <param name="clock">What lifetimes and pauses are counted on.</param>
/// <param name="caution">Takes what a person should know of renewals that are tried again.</param>
internal sealed class TokenManager(string method, Func<CancellationToken, Task<AccessToken>> request, TimeProvider clock, Action<string>? caution = null) : IAccessTokens
{
    /// <summary>The pauses between the tries of a renewal: servers and firewalls refuse now and then what they granted a minute ago.</summary>
    private static readonly TimeSpan[] s_renewalPauses = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5)];

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
        await Wanted(rejected: Volatile.Read(ref _current)?.Value, isPatient: false).WaitAsync(cancellationToken).ConfigureAwait(false);

    public override string ToString() => Method;

    private Task<AccessToken> Wanted(string? rejected, bool isPatient = true)
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
            bool isRenewal = _current is not null;
            return _pending = Task.Run(() => AskAsync(isRenewal && isPatient));
        }
    }

    private async Task<AccessToken> AskAsync(bool isPatient)
    {
        try
        {
            AccessToken token = isPatient ? await RenewAsync().ConfigureAwait(false) : await request(CancellationToken.None).ConfigureAwait(false);
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

    /// <summary>Requests a token where one was granted before, so that client, key and address were right then: a refusal is tried again, unless the client itself is rejected twice in a row.</summary>
    private async Task<AccessToken> RenewAsync()
    {
        bool wasRejected = false;
        foreach (TimeSpan pause in s_renewalPauses)
        {
            try
            {
                return await request(CancellationToken.None).ConfigureAwait(false);
            }
            catch (ExportException refused) when (!refused.MayPass && !(refused.RejectsClient && wasRejected))
            {
                wasRejected = refused.RejectsClient;
                caution?.Invoke($"The access token could not be renewed. {refused.Message} The renewal is tried again in {pause.TotalSeconds:0} s, because an earlier one succeeded.");
            }

            await Task.Delay(pause, clock).ConfigureAwait(false);
        }

        return await request(CancellationToken.None).ConfigureAwait(false);
    }
}
