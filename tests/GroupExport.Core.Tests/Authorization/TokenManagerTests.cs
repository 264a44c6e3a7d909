using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Authorization;

/// <summary>One token for all: asked for once, renewed ahead of its end and once on a 401.</summary>
public sealed class TokenManagerTests
{
    private readonly FakeTimeProvider _clock = new();
    private int _asked;

    [Fact]
    public async Task Two_hundred_callers_of_an_expired_token_make_one_request()
    {
        TaskCompletionSource<AccessToken> slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TokenManager manager = new("test", _ => Interlocked.Increment(ref _asked) == 1 ? Task.FromResult(Token(1)) : slow.Task, _clock);
        await manager.GetAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromMinutes(6));

        Task<string?>[] callers = [.. Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await manager.GetAsync(CancellationToken.None)))];
        slow.SetResult(Token(2));

        Assert.All(await Task.WhenAll(callers), token => Assert.Equal("token-2", token));
        Assert.Equal(2, _asked);
    }

    [Theory]
    [InlineData(269, 1)]
    [InlineData(271, 2)]
    public async Task A_token_of_five_minutes_is_renewed_half_a_minute_before_its_end(int seconds, int requests)
    {
        TokenManager manager = Manager(TimeSpan.FromMinutes(5));
        await manager.GetAsync(CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal($"token-{requests}", await manager.GetAsync(CancellationToken.None));
        Assert.Equal(requests, _asked);
    }

    [Fact]
    public async Task Many_who_were_rejected_with_the_same_token_renew_it_once()
    {
        TokenManager manager = Manager(TimeSpan.FromMinutes(5));
        string? rejected = await manager.GetAsync(CancellationToken.None);

        string?[] renewed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await manager.RenewAsync(rejected!, CancellationToken.None))));

        Assert.All(renewed, token => Assert.Equal("token-2", token));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_failure_reaches_its_callers_and_the_next_one_asks_again()
    {
        TokenManager manager = new("test", _ => Interlocked.Increment(ref _asked) == 1 ? throw new ExportException(ExportErrorKind.InvalidClient, "no") : Task.FromResult(Token(2)), _clock);

        await Assert.ThrowsAsync<ExportException>(async () => await manager.GetAsync(CancellationToken.None));

        Assert.Equal("token-2", await manager.GetAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_take_the_request_from_the_others()
    {
        TaskCompletionSource<AccessToken> slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TokenManager manager = new("test", _ => slow.Task, _clock);
        using CancellationTokenSource leaving = new();
        Task<string?> leaver = Task.Run(async () => await manager.GetAsync(leaving.Token));
        Task<string?> other = Task.Run(async () => await manager.GetAsync(CancellationToken.None));

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        slow.SetResult(Token(1));

        Assert.Equal("token-1", await other);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(99, false)]
    public async Task A_401_is_answered_with_one_renewal_and_one_repeat_and_never_a_loop(int rejections, bool success)
    {
        int seen = 0;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/token" => Answer.Json($$"""{"access_token":"token-{{++_asked}}","token_type":"bearer","expires_in":"300"}"""),
            _ => seen++ < rejections ? Answer.Outcome(401, "expired") : Answer.Running(),
        });
        using GroupExportConnection connection = new(TestConnections.Fhir(server) with { TokenSettings = new TokenSettings(new ClientSecret("id", "s:e c"), server.Root, new Uri(server.Root, "token"), Scope: null) });
        StatusRequest request = new(connection, Exports.JobAt(server), TimeSpan.FromHours(1), Exports.Impatient);

        if (success)
        {
            Assert.Null((await request.SendAsync(_ => { }, CancellationToken.None)).Trouble);
        }
        else
        {
            Assert.Equal(ExportErrorKind.TokenRejected, (await Assert.ThrowsAsync<ExportException>(() => request.SendAsync(_ => { }, CancellationToken.None))).Kind);
        }

        Assert.Equal(2, server.To("/token").Count);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], server.To("/status/1").Select(arrival => arrival.Header("Authorization")));
        Assert.Equal("Basic " + Convert.ToBase64String("id:s%3Ae%20c"u8), server.To("/token")[0].Header("Authorization"));
    }

    private TokenManager Manager(TimeSpan lifetime) => new("test", _ => Task.FromResult(Token(Interlocked.Increment(ref _asked), lifetime)), _clock);

    private static AccessToken Token(int number, TimeSpan? lifetime = null) => new($"token-{number}", lifetime ?? TimeSpan.FromMinutes(5), Scope: null);
}
