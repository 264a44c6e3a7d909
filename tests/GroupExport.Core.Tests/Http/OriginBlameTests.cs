using GroupExport.Http;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Http;

public sealed class OriginBlameTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly OriginBlame _blame;
    private long _order;

    public OriginBlameTests() => _blame = new OriginBlame(_clock);

    [Fact]
    public void Each_URL_that_fails_is_one_witness_however_often_it_fails()
    {
        PacedRequest first = new();
        Fail(first);
        Fail(first);
        Assert.Equal(1, _blame.Witnesses);

        Fail(new PacedRequest());
        Assert.Equal(2, _blame.Witnesses);

        _blame.Clear();
        Assert.Equal(0, _blame.Witnesses);
    }

    [Fact]
    public void A_URL_that_fails_while_another_succeeds_is_no_witness_and_is_charged_once()
    {
        PacedRequest bad = new();
        long started = _order++;
        Succeed(new PacedRequest());
        _blame.Failed(bad, OriginFault.NoAnswer, started, _order++);

        Assert.Equal(0, _blame.Witnesses);
        Assert.True(_blame.IsCharged(bad));
        Assert.False(_blame.IsCharged(bad));

        Fail(bad);
        Assert.True(_blame.IsChargedAgain(bad));
    }

    [Fact]
    public void A_failure_that_is_assigned_to_the_origin_is_not_charged()
    {
        PacedRequest bad = new();
        Fail(bad);
        Succeed(new PacedRequest());

        _blame.Assign(isOrigin: true);
        Assert.False(_blame.IsCharged(bad));
        _blame.Assign(isOrigin: false);
        Assert.True(_blame.IsCharged(bad));
    }

    [Fact]
    public void A_quota_is_left_only_when_a_later_request_succeeds()
    {
        PacedRequest throttled = new();
        long before = _order++;
        Fail(throttled, OriginFault.Throttled);
        _blame.Succeeded(new PacedRequest(), before, _order++);
        Assert.True(_blame.IsThrottled);
        Assert.Equal(1, _blame.Witnesses);
        Assert.False(_blame.IsCharged(throttled));

        Succeed(new PacedRequest());
        Assert.True(_blame.IsCharged(throttled));
    }

    [Fact]
    public void Nothing_is_charged_for_five_minutes_after_a_URL_that_failed_has_succeeded()
    {
        PacedRequest moody = new();
        Fail(moody);
        Succeed(moody);
        PacedRequest other = new();
        Fail(other);
        Succeed(new PacedRequest());
        Assert.False(_blame.IsCharged(other));

        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True(_blame.IsCharged(other));
    }

    private void Fail(PacedRequest request, OriginFault fault = OriginFault.Unavailable) => _blame.Failed(request, fault, _order++, _order++);

    private void Succeed(PacedRequest request) => _blame.Succeeded(request, _order++, _order++);
}
