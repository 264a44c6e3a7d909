using GroupExport.Files;
using GroupExport.Http;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Files;

/// <summary>An origin that asks one download to come back later is left alone by all.</summary>
public sealed class PauseTests
{
    private static readonly Origin s_busy = Origin.Of(new Uri("https://files.example.org/1"));
    private static readonly Origin s_other = Origin.Of(new Uri("https://fhir.example.org/1"));

    [Fact]
    public async Task Nobody_asks_before_the_time_is_over()
    {
        FakeTimeProvider clock = new();
        OriginPauses pauses = new(clock);
        pauses.Pause(s_busy, TimeSpan.FromSeconds(30));

        Task waiting = pauses.WaitAsync(s_busy, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(waiting.IsCompleted);
        Assert.True(pauses.WaitAsync(s_other, CancellationToken.None).IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(1));
        await waiting;
        Assert.True(pauses.WaitAsync(s_busy, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task The_longest_pause_counts()
    {
        FakeTimeProvider clock = new();
        OriginPauses pauses = new(clock);
        pauses.Pause(s_busy, TimeSpan.FromSeconds(30));
        Task waiting = pauses.WaitAsync(s_busy, CancellationToken.None);
        pauses.Pause(s_busy, TimeSpan.FromSeconds(60));
        pauses.Pause(s_busy, TimeSpan.FromSeconds(5));

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.False(waiting.IsCompleted);

        clock.Advance(TimeSpan.FromSeconds(30));
        await waiting;
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_file_that_is_sent_away_holds_the_others_back(int status)
    {
        using ManualResetEventSlim sentAway = new();
        int asked = 0;
        Dictionary<string, double> times = [];
        WaitCountingClock clock = new();
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/1"},{"type":"Patient","url":"/2"},{"type":"Patient","url":"/3"}"""),
            arrival => arrival.Path == "/1" && ++asked == 1 ? Answer.Plain(status).With("Retry-After", "30") : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        Reports reports = new()
        {
            OnReport = happening =>
            {
                string text = (happening as Remark)?.Text ?? "";
                if (text.EndsWith("/2 to Patient.0002.ndjson", StringComparison.Ordinal))
                {
                    // The place for the third file becomes free after the first one was sent away.
                    sentAway.Wait();
                }
                else if (text.EndsWith("/3 to Patient.0003.ndjson", StringComparison.Ordinal))
                {
                    times["third"] = clock.Seconds;
                    clock.CountWait();
                }
                else if (text.Contains("next one in 30 s", StringComparison.Ordinal))
                {
                    sentAway.Set();
                }
            },
        };

        await Saves.SaveAsync(server, folder, new SaveSetup { Clock = clock, ThrottleLimit = 2, Reports = reports });

        Assert.Equal(30, times["third"]);
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    /// <summary>A clock that stands still until two wait for 30 seconds, the file that was sent away and the next one, or until the next one does not wait.</summary>
    private sealed class WaitCountingClock : FakeTimeProvider
    {
        private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(30);
        private int _waits;

        public double Seconds => (GetUtcNow() - Start).TotalSeconds;

        public void CountWait()
        {
            if (Interlocked.Increment(ref _waits) == 2)
            {
                _ = Task.Run(() => Advance(s_wait));
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime == s_wait)
            {
                CountWait();
            }

            return timer;
        }
    }
}
