using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>An export of a week, without a second of it.</summary>
public sealed class SimulatedWeekTests
{
    private static readonly TimeSpan s_tokenLifetime = TimeSpan.FromHours(4);
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromHours(5);

    [Fact]
    public async Task Long_waits_token_lifetimes_outages_and_busy_hours_are_outlived()
    {
        SkippingClock clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        DateTimeOffset end = start + TimeSpan.FromDays(7);
        Outage[] outages = [new(start + TimeSpan.FromDays(2)), new(start + TimeSpan.FromDays(4))];
        int tokens = 0;
        int busy = 0;
        int hungUp = 0;
        DateTimeOffset tokenEnd = default;
        List<DateTimeOffset> polls = [];
        await using RecordingServer server = new(arrival =>
        {
            DateTimeOffset now = clock.GetUtcNow();
            if (outages.Any(outage => outage.Hits(now)))
            {
                hungUp++;
                return Answer.HangUp;
            }

            if (arrival.Path == "/token")
            {
                tokenEnd = now + s_tokenLifetime;
                return Answer.Json($$"""{"access_token":"t{{++tokens}}","expires_in":{{s_tokenLifetime.TotalSeconds}}}""");
            }

            if (now >= tokenEnd || arrival.Header("Authorization") != $"Bearer t{tokens}")
            {
                return Answer.Plain(401);
            }

            polls.Add(now);
            if (now >= start + TimeSpan.FromDays(5) && busy < 30)
            {
                busy++;
                return Answer.Plain(503).With("Retry-After", "100");
            }

            return now >= end ? Answer.Json("""{"transactionTime":"2026-11-30T00:00:00Z","output":[]}""") : Answer.Running($"{s_retryAfter.TotalSeconds}", "patience");
        });
        ConnectionSettings open = TestConnections.Fhir(server);
        using GroupExportConnection connection = (open with
        {
            Clock = clock,
            TokenRetry = Exports.Impatient,
            TokenSettings = new TokenSettings(new ClientSecret("client", "secret"), open.FhirBase, new Uri(server.Url("token")), Scope: null),
        }).Open();
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is Waiting)
                {
                    clock.SkipNextTimer();
                }
            },
        };

        ExportStatus status = await new StatusWait(connection, Exports.JobAt(server), new WaitOptions { PageRetry = Exports.Impatient }, reports.Add).RunAsync(CancellationToken.None);

        Assert.Equal("Complete", status.State);
        Assert.True(clock.GetUtcNow() >= end);
        Assert.True((end - start) / s_tokenLifetime > 40);
        Assert.Equal(30, busy);
        Assert.True(hungUp > 2, $"{hungUp} requests met an outage");
        Assert.InRange(tokens, 30, 45);
        Assert.True(polls.Zip(polls.Skip(1), (one, next) => next - one).Count(wait => wait == s_retryAfter) > 20);
    }

    /// <summary>Forty minutes without a network, from the first request after a time.</summary>
    private sealed class Outage(DateTimeOffset after)
    {
        private DateTimeOffset? _began;

        public bool Hits(DateTimeOffset now)
        {
            if (now < after)
            {
                return false;
            }

            _began ??= now;
            return now < _began + TimeSpan.FromMinutes(40);
        }
    }
}
