using GroupExport.Http;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Http;

public sealed class OriginPauseTests
{
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly OriginPause _pause;

    public OriginPauseTests() => _pause = new OriginPause(_clock);

    [Fact]
    public void All_requests_pass_without_a_pause() => Assert.True(_pause.TryEnter(1) && _pause.TryEnter(2));

    [Fact]
    public void One_request_passes_when_the_time_is_over_and_the_pause_lasts_until_it_is_ended()
    {
        _pause.Begin(s_wait, isAgain: true);
        Assert.False(_pause.TryEnter(1));
        Assert.Equal(s_wait, _pause.Rest);

        _clock.Advance(s_wait);
        Assert.True(_pause.TryEnter(2));
        Assert.False(_pause.TryEnter(3));
        Assert.True(_pause.IsOn);

        _pause.End();
        Assert.True(_pause.TryEnter(4) && _pause.TryEnter(5));
    }

    [Fact]
    public void Only_the_request_that_went_first_makes_room_for_another()
    {
        _pause.Begin(s_wait, isAgain: true);
        _clock.Advance(s_wait);
        Assert.True(_pause.TryEnter(1));

        _pause.Release(2);
        Assert.False(_pause.TryEnter(3));
        _pause.Release(1);
        Assert.True(_pause.TryEnter(4));
    }

    [Fact]
    public void A_shorter_wait_does_not_shorten_a_pause_and_every_change_is_signaled()
    {
        _pause.Begin(s_wait, isAgain: true);
        Task changed = _pause.Changed;
        _pause.Begin(TimeSpan.FromSeconds(1), isAgain: false);

        Assert.True(changed.IsCompleted);
        Assert.False(_pause.Changed.IsCompleted);
        Assert.Equal(s_wait, _pause.Rest);
    }
}
