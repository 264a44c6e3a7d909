using System.Globalization;
using GroupExport.Files;
using GroupExport.Http;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Files;

/// <summary>Bodies that stop coming, and waits between attempts.</summary>
public sealed class StallTests
{
    /// <summary>Only so that a guard that is broken fails instead of hanging.</summary>
    private const int HangMilliseconds = 600_000;

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_body_that_stalls_is_fetched_again()
    {
        FakeTimeProvider clock = new();
        int asked = 0;
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson("{}\n{}\n") with { StallAt = Interlocked.Increment(ref asked) == 1 ? 3 : null });
        using TemporaryFolder folder = new();

        Task<Reports> saving = Saves.SaveAsync(server, folder, new SaveSetup
        {
            Clock = clock,
            Connect = settings => settings with { RequestTimeout = TimeSpan.FromDays(40), StallTimeout = TimeSpan.FromSeconds(60) },
            Retry = new TransientRetry(50, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(24)),
        });
        while (Volatile.Read(ref asked) < 2 && !saving.IsCompleted)
        {
            // Not before the file is asked for: a status that stalls is waited for in another way.
            if (Volatile.Read(ref asked) == 1)
            {
                clock.Advance(TimeSpan.FromSeconds(61));
            }

            await Task.Yield();
        }

        SavedFile file = (await saving).File();
        Assert.Equal("Saved", file.State);
        Assert.True(file.Attempts >= 2);
        Assert.Equal("{}\n{}\n", await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson")));
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_read_without_a_byte_for_the_stall_timeout_fails()
    {
        FakeTimeProvider clock = new();
        using Silence silence = new();
        using StallGuardStream guarded = new(silence, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan, clock);

        Task<int> reading = guarded.ReadAsync(new byte[1]).AsTask();
        await silence.Asked;
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(reading.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        TimeoutException fault = await Assert.ThrowsAsync<TimeoutException>(() => reading);
        Assert.Equal("no byte came for 60 s", fault.Message);
        Assert.True(TransientFault.IsTransient(fault));
    }

    [Fact]
    public async Task Interrupting_a_read_is_no_stall()
    {
        using Silence silence = new();
        using StallGuardStream guarded = new(silence, TimeSpan.FromSeconds(60), Timeout.InfiniteTimeSpan, new FakeTimeProvider());
        using CancellationTokenSource interrupt = new();

        Task<int> reading = guarded.ReadAsync(new byte[1], interrupt.Token).AsTask();
        await silence.Asked;
        await interrupt.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("Mon, 23 Nov 2026 05:05:06 GMT", 3600)]
    public async Task The_wait_that_a_server_asks_for_is_kept_between_attempts(string retryAfter, int seconds)
    {
        SkippingClock clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        int asked = 0;
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => ++asked == 1 ? Answer.Plain(503).With("Retry-After", retryAfter) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        Reports reports = new() { OnReport = happening => Skip(happening, clock) };

        await Saves.SaveAsync(server, folder, new SaveSetup { Clock = clock, Reports = reports });

        Assert.Equal("Saved", reports.File().State);
        Assert.Equal(TimeSpan.FromSeconds(seconds), clock.GetUtcNow() - start);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("Mon, 23 Nov 2026 04:00:00 GMT")]
    public async Task Waits_grow_and_have_an_end_when_the_server_names_none(string? retryAfter)
    {
        SkippingClock clock = new();
        DateTimeOffset start = clock.GetUtcNow();
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => retryAfter is null ? Answer.Plain(500) : Answer.Plain(500).With("Retry-After", retryAfter));
        using TemporaryFolder folder = new();
        Reports reports = new() { OnReport = happening => Skip(happening, clock) };

        await Saves.SaveAsync(server, folder, new SaveSetup { Clock = clock, Reports = reports, Retry = TransientRetry.Default });

        Assert.Equal(5, server.To("/file").Count);
        Assert.Contains("5 attempts", reports.Failure().Message, StringComparison.Ordinal);
        Assert.Equal(("Failed", 5), (reports.File().State, reports.File().Attempts));
        Assert.InRange(clock.GetUtcNow() - start, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(4));
        Assert.InRange(reports.Of<Remark>().Sum(remark => SecondsToTheNext(remark.Text)), 3, 240);
    }

    private static double SecondsToTheNext(string remark)
    {
        const string Announced = "next one in ";
        int at = remark.IndexOf(Announced, StringComparison.Ordinal);
        return at < 0 ? 0 : double.Parse(remark[(at + Announced.Length)..].Split(' ')[0], CultureInfo.CurrentCulture);
    }

    private static void Skip(ExportEvent happening, SkippingClock clock)
    {
        if (happening is Remark remark && remark.Text.Contains("next one in", StringComparison.Ordinal))
        {
            clock.SkipNextTimer();
        }
    }

    /// <summary>A body of which no byte ever comes.</summary>
    private sealed class Silence : MemoryStream
    {
        private readonly TaskCompletionSource _asked = new();

        public Task Asked => _asked.Task;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }
    }
}
