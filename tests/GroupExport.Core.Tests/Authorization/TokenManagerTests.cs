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

    [Theory]
    [InlineData(ExportErrorKind.TokenRequestRefused, false)]
    [InlineData(ExportErrorKind.TokenEndpointUnusable, false)]
    [InlineData(ExportErrorKind.InvalidClient, true)]
    public async Task A_renewal_that_is_refused_once_is_tried_again(ExportErrorKind kind, bool rejectsClient)
    {
        SkippingClock clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        List<string> cautions = [];
        TokenManager manager = Refusing(clock, cautions, number => number == 2 ? Refusal(kind, rejectsClient) : null);

        await manager.GetAsync(CancellationToken.None);

        Assert.Equal("token-3", await manager.RenewAsync("token-1", CancellationToken.None));
        Assert.Equal(TimeSpan.FromSeconds(5), clock.GetUtcNow() - start);
        Assert.Contains("tried again in 5 s", Assert.Single(cautions), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewal_is_tried_three_times_with_growing_pauses()
    {
        SkippingClock clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        TokenManager manager = Refusing(clock, [], number => number > 1 ? Refusal(ExportErrorKind.TokenRequestRefused) : null);
        await manager.GetAsync(CancellationToken.None);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(async () => await manager.RenewAsync("token-1", CancellationToken.None));

        Assert.Equal((ExportErrorKind.TokenRequestRefused, 4), (failure.Kind, _asked));
        Assert.Equal(TimeSpan.FromSeconds(5) + TimeSpan.FromMinutes(5), clock.GetUtcNow() - start);
    }

    [Fact]
    public async Task A_client_that_is_rejected_twice_in_a_row_is_not_renewed()
    {
        SkippingClock clock = new();
        TokenManager manager = Refusing(clock, [], number => number > 1 ? Refusal(ExportErrorKind.InvalidClient, rejectsClient: true) : null);
        await manager.GetAsync(CancellationToken.None);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(async () => await manager.RenewAsync("token-1", CancellationToken.None));

        Assert.Equal((ExportErrorKind.InvalidClient, 3), (failure.Kind, _asked));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_token_and_a_check_fail_at_once(bool isFirst)
    {
        TokenManager manager = Refusing(_clock, [], number => number == (isFirst ? 1 : 2) ? Refusal(ExportErrorKind.TokenRequestRefused) : null);
        if (!isFirst)
        {
            await manager.GetAsync(CancellationToken.None);
        }

        await Assert.ThrowsAsync<ExportException>(async () => await manager.AskAnewAsync(CancellationToken.None));

        Assert.Equal(isFirst ? 1 : 2, _asked);
    }

    [Theory]
    [InlineData("invalid_client", true)]
    [InlineData("unauthorized_client", true)]
    [InlineData("invalid_request", false)]
    public async Task Whether_the_client_itself_is_rejected_is_read_from_the_answer(string error, bool rejectsClient)
    {
        await using RecordingServer server = new(Answer.Json($$"""{"error":"{{error}}"}""", 400));
        using GroupExportConnection connection = new(TestConnections.Fhir(server) with { TokenSettings = new TokenSettings(new ClientSecret("id", "secret"), server.Root, new Uri(server.Root, "token"), Scope: null) });

        ExportException failure = await Assert.ThrowsAsync<ExportException>(async () => await connection.Tokens.GetAsync(CancellationToken.None));

        Assert.Equal(rejectsClient, failure.RejectsClient);
        Assert.Single(server.Arrivals);
    }

    /// <summary>Returns a manager whose requests fail where the function returns a failure for their number, and whose pauses are skipped.</summary>
    private TokenManager Refusing(TimeProvider clock, List<string> cautions, Func<int, ExportException?> refusal) => new(
        "test",
        _ => refusal(Interlocked.Increment(ref _asked)) is { } failure ? throw failure : Task.FromResult(Token(_asked)),
        clock,
        text =>
        {
            cautions.Add(text);
            ((SkippingClock)clock).SkipNextTimer();
        });

    private static ExportException Refusal(ExportErrorKind kind, bool rejectsClient = false) => new(kind, "no") { RejectsClient = rejectsClient };

    private TokenManager Manager(TimeSpan lifetime) => new("test", _ => Task.FromResult(Token(Interlocked.Increment(ref _asked), lifetime)), _clock);

    private static AccessToken Token(int number, TimeSpan? lifetime = null) => new($"token-{number}", lifetime ?? TimeSpan.FromMinutes(5), Scope: null);
}
