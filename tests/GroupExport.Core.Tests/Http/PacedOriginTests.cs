using System.Net;
using GroupExport.Http;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Http;

/// <summary>Whose fault a failure is, and how long an origin is left alone.</summary>
public sealed class PacedOriginTests
{
    private readonly TimerClock _clock = new();
    private readonly PacedOrigin _origin;
    private readonly OriginPatience _patience;

    public PacedOriginTests()
    {
        _origin = new PacedOrigin(_clock);
        _patience = new OriginPatience(_clock.GetUtcNow(), TimeSpan.FromHours(1), MinFailures: 1);
    }

    [Fact]
    public async Task One_request_goes_first_after_a_pause()
    {
        await FailAsync(new PacedRequest(), OriginFault.Unreachable);
        Task<Admission?> first = EnterAsync();
        Task<Admission?> second = EnterAsync();
        Assert.False(first.IsCompleted || second.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Task<Admission?> probe = await Task.WhenAny(first, second);
        Task<Admission?> other = probe == first ? second : first;
        Admission admission = (await probe)!.Value;
        Assert.True(admission.IsProbe);
        Assert.False(other.IsCompleted);

        _origin.Answered(admission, new PacedRequest(), isSuccess: true);
        Assert.False((await other)!.Value.IsProbe);
    }

    [Fact]
    public async Task The_place_of_one_that_goes_first_is_free_again_when_it_is_abandoned()
    {
        await FailAsync(new PacedRequest(), OriginFault.Unreachable);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Admission abandoned = (await EnterAsync())!.Value;
        Task<Admission?> next = EnterAsync();
        Assert.False(next.IsCompleted);

        _origin.Abandon(abandoned);

        Assert.True((await next)!.Value.IsProbe);
    }

    [Fact]
    public async Task Pauses_grow_to_a_minute_and_begin_again_after_a_success()
    {
        Assert.InRange(await PauseAsync(), 1, 1.25);
        Assert.InRange(await PauseAsync(), 2, 2.5);
        Assert.InRange(await PauseAsync(), 4, 5);
        for (int i = 0; i < 6; i++)
        {
            Assert.InRange(await PauseAsync(), 4, 60);
        }

        Assert.InRange(await PauseAsync(), 45, 60);
        _origin.Answered((await EnterAsync())!.Value, new PacedRequest(), isSuccess: true);
        Assert.InRange(await PauseAsync(), 1, 1.25);
    }

    [Theory]
    [InlineData(OriginFault.NoAnswer)]
    [InlineData(OriginFault.Unavailable)]
    [InlineData(OriginFault.Throttled)]
    [InlineData(OriginFault.Gateway)]
    internal async Task Two_URLs_that_fail_pause_the_origin_and_are_not_charged(OriginFault fault)
    {
        PacedRequest first = new();
        PacedRequest second = new();

        Assert.False(await FailAsync(first, fault));
        Assert.True(EnterAsync().IsCompleted);
        Assert.False(await FailAsync(second, fault));

        Assert.False(EnterAsync().IsCompleted);
        Assert.False(_origin.IsCharged(first) || _origin.IsCharged(second));
    }

    [Theory]
    [InlineData(OriginFault.NoAnswer, true)]
    [InlineData(OriginFault.Unavailable, true)]
    [InlineData(OriginFault.Throttled, true)]
    [InlineData(OriginFault.Unreachable, false)]
    internal async Task A_URL_that_fails_while_others_succeed_is_charged(OriginFault fault, bool charged)
    {
        PacedRequest bad = new();
        Assert.False(await FailAsync(bad, fault));
        _clock.Advance(TimeSpan.FromSeconds(2));
        _origin.Answered((await EnterAsync())!.Value, new PacedRequest(), isSuccess: true);

        Assert.Equal(charged, _origin.IsCharged(bad));
        Assert.False(_origin.IsCharged(bad));
        Assert.True(EnterAsync().IsCompleted);
    }

    [Theory]
    [InlineData(OriginFault.NoAnswer, false)]
    [InlineData(OriginFault.Unavailable, false)]
    [InlineData(OriginFault.Throttled, false)]
    [InlineData(OriginFault.Gateway, true)]
    internal async Task A_URL_that_is_alone_is_charged_only_for_what_answers_in_place_of_the_server(OriginFault fault, bool charged)
    {
        PacedRequest alone = new();
        await FailAsync(alone, fault);

        Assert.Equal(charged, _origin.IsCharged(alone));
    }

    [Fact]
    public async Task A_URL_that_fails_again_after_others_came_back_is_charged()
    {
        PacedRequest bad = new();
        await FailAsync(bad, OriginFault.Unavailable);
        await FailAsync(new PacedRequest(), OriginFault.Unavailable);
        Assert.False(_origin.IsCharged(bad));
        _clock.Advance(TimeSpan.FromSeconds(2));
        _origin.Answered((await EnterAsync())!.Value, new PacedRequest(), isSuccess: true);

        await FailAsync(bad, OriginFault.Unavailable);

        Assert.True(_origin.IsCharged(bad));
    }

    [Fact]
    public async Task Two_URLs_that_fail_again_after_others_came_back_do_not_excuse_each_other()
    {
        PacedRequest[] bad = [new(), new()];
        await FailAsync(bad[0], OriginFault.NoAnswer);
        await FailAsync(bad[1], OriginFault.Unavailable);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _origin.Answered((await EnterAsync())!.Value, new PacedRequest(), isSuccess: true);

        await FailAsync(bad[0], OriginFault.NoAnswer);
        await FailAsync(bad[1], OriginFault.Unavailable);

        Assert.True(EnterAsync().IsCompleted);
        Assert.All(bad, request => Assert.True(_origin.IsCharged(request)));
    }

    [Fact]
    public async Task Two_slow_failures_do_not_excuse_each_other_when_the_others_succeeded_meanwhile()
    {
        PacedRequest[] bad = [new(), new()];
        Admission[] slow = [(await EnterAsync())!.Value, (await EnterAsync())!.Value];
        _origin.Answered((await EnterAsync())!.Value, new PacedRequest(), isSuccess: true);

        _origin.Failed(slow[0], bad[0], OriginFault.NoAnswer, retryAfter: null);
        _origin.Failed(slow[1], bad[1], OriginFault.Unavailable, retryAfter: null);

        Assert.True(EnterAsync().IsCompleted);
        Assert.All(bad, request => Assert.True(_origin.IsCharged(request)));
    }

    [Fact]
    public async Task A_URL_with_a_Retry_After_is_charged_when_the_others_succeeded_meanwhile_and_none_is_left()
    {
        TimeSpan asked = TimeSpan.FromSeconds(100);
        PacedRequest bad = new();
        Admission slow = (await EnterAsync())!.Value;
        _origin.Answered((await EnterAsync())!.Value, new PacedRequest(), isSuccess: true);

        Assert.False(_origin.Failed(slow, bad, OriginFault.Unavailable, asked));
        Assert.False(EnterAsync().IsCompleted);
        Assert.True(_origin.IsCharged(bad));
        _clock.Advance(asked);
        Admission alone = (await EnterAsync())!.Value;

        Assert.True(_origin.Failed(alone, bad, OriginFault.Unavailable, asked));
        Assert.True(EnterAsync().IsCompleted);
    }

    [Theory]
    [InlineData(OriginFault.Throttled, false)]
    [InlineData(OriginFault.Unavailable, true)]
    internal async Task A_URL_with_a_Retry_After_is_not_charged_when_others_fail_too(OriginFault fault, bool others)
    {
        TimeSpan asked = TimeSpan.FromSeconds(100);
        PacedRequest first = new();
        Admission[] slow = [(await EnterAsync())!.Value, (await EnterAsync())!.Value];
        _origin.Answered((await EnterAsync())!.Value, new PacedRequest(), isSuccess: true);

        Assert.False(_origin.Failed(slow[0], first, fault, asked));
        Assert.False(others && _origin.Failed(slow[1], new PacedRequest(), fault, asked));

        Assert.False(_origin.IsCharged(first));
    }

    [Fact]
    public async Task No_URL_is_charged_while_others_recover()
    {
        PacedRequest first = new();
        PacedRequest second = new();
        await FailAsync(first, OriginFault.Unavailable);
        _origin.Answered((await EnterAsync())!.Value, first, isSuccess: true);
        await FailAsync(second, OriginFault.Unavailable);
        _origin.Answered((await EnterAsync())!.Value, new PacedRequest(), isSuccess: true);
        Assert.False(_origin.IsCharged(second));

        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.True(_origin.IsCharged(second));
    }

    [Fact]
    public async Task A_success_that_was_under_way_does_not_show_that_a_quota_is_left()
    {
        Admission before = (await EnterAsync())!.Value;
        PacedRequest throttled = new();
        await FailAsync(throttled, OriginFault.Throttled);

        _origin.Answered(before, new PacedRequest(), isSuccess: true);

        Assert.False(_origin.IsCharged(throttled));
    }

    [Fact]
    public async Task Time_without_progress_counts_from_the_first_failure_and_bytes_are_progress()
    {
        OriginPatience patience = new(_clock.GetUtcNow(), TimeSpan.FromMinutes(10), MinFailures: 2);
        await FailAsync(new PacedRequest(), OriginFault.NoAnswer);
        _clock.Advance(TimeSpan.FromMinutes(9));
        _origin.Progressed();
        _clock.Advance(TimeSpan.FromMinutes(2));
        PacedRequest request = new();
        await FailAsync(request, OriginFault.NoAnswer);
        Assert.False(_origin.IsLostFor(patience));

        _clock.Advance(TimeSpan.FromMinutes(10));
        _origin.Failed((await EnterAsync())!.Value, request, OriginFault.NoAnswer, retryAfter: null);

        Assert.True(_origin.IsLostFor(patience));
        Assert.Null(await _origin.EnterAsync(patience, CancellationToken.None));
        Assert.False(_origin.IsLostFor(patience with { Since = _clock.GetUtcNow() }));
    }

    [Fact]
    public void A_failure_says_what_it_says_of_the_origin()
    {
        Assert.Equal(OriginFault.Unreachable, Fault(HttpRequestError.ConnectionError, isKnown: false));
        Assert.Equal(OriginFault.None, Fault(HttpRequestError.NameResolutionError, isKnown: false));
        Assert.Equal(OriginFault.Unreachable, Fault(HttpRequestError.NameResolutionError, isKnown: true));
        Assert.Equal(OriginFault.NoAnswer, Fault(HttpRequestError.ResponseEnded, isKnown: true));
        Assert.Equal(OriginFault.NoAnswer, OriginFaults.Of(new TimeoutException("late"), isKnown: true));
        Assert.Equal(OriginFault.Unreachable, OriginFaults.Of(new ExportException(ExportErrorKind.TokenEndpointUnreachable, "no") { MayPass = true }, isKnown: true));
        Assert.Equal(OriginFault.None, OriginFaults.Of(new ExportException(ExportErrorKind.TokenRejected, "no"), isKnown: true));
        Assert.True(OriginFaults.MayBeOf(HttpStatusCode.TooManyRequests));
        Assert.False(OriginFaults.MayBeOf(HttpStatusCode.InternalServerError));
    }

    private static OriginFault Fault(HttpRequestError error, bool isKnown) => OriginFaults.Of(new HttpRequestException(error), isKnown);

    private Task<Admission?> EnterAsync() => _origin.EnterAsync(_patience, CancellationToken.None).AsTask();

    private async Task<bool> FailAsync(PacedRequest request, OriginFault fault) =>
        _origin.Failed((await EnterAsync())!.Value, request, fault, retryAfter: null);

    /// <summary>Fails, and returns how long the origin is left alone.</summary>
    private async Task<double> PauseAsync()
    {
        await FailAsync(new PacedRequest(), OriginFault.Unreachable);
        Task waiting = _origin.WaitAsync(CancellationToken.None);
        TimeSpan pause = _clock.LastTimer;
        _clock.Advance(pause);
        await waiting;
        return pause.TotalSeconds;
    }

    /// <summary>Represents a clock that knows the last timer that was made.</summary>
    private sealed class TimerClock : FakeTimeProvider
    {
        public TimeSpan LastTimer { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            LastTimer = dueTime;
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
