using System.Globalization;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Saves from servers that are away, busy or count requests, on a clock that jumps over waits.</summary>
public sealed class PacingTests
{
    /// <summary>Only so that a pause without end fails instead of hanging.</summary>
    private const int HangMilliseconds = 120_000;

    private readonly WaitlessClock _clock = new();

    [Theory(Timeout = HangMilliseconds)]
    [InlineData(null, 4)]
    [InlineData(502, 4)]
    [InlineData(503, 4)]
    [InlineData(504, 2)]
    [InlineData(null, 1)]
    [InlineData(503, 16)]
    public async Task All_files_are_saved_when_the_server_is_away_for_40_seconds_in_the_middle(int? status, int places)
    {
        const int Files = 232;
        int served = 0;
        double? away = null;
        await using RecordingServer server = Saves.Server(Manifest(Files), _ =>
        {
            away = served >= Files / 2 ? away ?? _clock.Seconds : null;
            if (_clock.Seconds - away < 40)
            {
                return status is { } code ? Answer.Plain(code) : Answer.HangUp;
            }

            served++;
            return Answer.Ndjson("{}\n");
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder, places);

        Assert.Empty(reports.Of<Failure>());
        Assert.Equal(("Complete", Files), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
        Assert.Equal(2, server.To("/status/1").Count);
        Assert.InRange(_clock.Seconds, 40, 200);
        AssertAttempts(reports, server, exactly: status is not null);

        // A server that is down is asked by those under way, then by one at a time; the HTTP stack itself asks four times where a connection is closed.
        int stack = status is null ? 4 : 1;
        Assert.InRange(server.Arrivals.Count - 2, Files, Files + (stack * ((4 * places) + 24)));
    }

    [Theory(Timeout = HangMilliseconds)]
    [InlineData(429, 1)]
    [InlineData(429, 4)]
    [InlineData(429, 16)]
    [InlineData(503, 1)]
    [InlineData(503, 4)]
    [InlineData(503, 16)]
    public async Task All_files_are_saved_from_a_server_that_allows_6_requests_in_10_seconds(int status, int places)
    {
        Queue<double> allowed = new();
        await using RecordingServer server = Saves.Server(Manifest(60), _ =>
        {
            while (allowed.TryPeek(out double first) && first <= _clock.Seconds - 10)
            {
                allowed.Dequeue();
            }

            if (allowed.Count == 6)
            {
                return Answer.Plain(status);
            }

            allowed.Enqueue(_clock.Seconds);
            return Answer.Ndjson("{}\n");
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder, places);

        Assert.Empty(reports.Of<Failure>());
        Assert.Equal(("Complete", 60), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
        Assert.Equal(2, server.To("/status/1").Count);
        AssertAttempts(reports, server, exactly: true);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task All_files_are_saved_when_a_quota_without_Retry_After_is_renewed_after_a_minute()
    {
        int served = 0;
        double? blocked = null;
        await using RecordingServer server = Saves.Server(Manifest(12), _ =>
        {
            if (++served > 6 && _clock.Seconds - (blocked ??= _clock.Seconds) < 60)
            {
                return Answer.Plain(429).With("X-RateLimit-Limit", "7500");
            }

            return Answer.Ndjson("{}\n");
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder, 4);

        Assert.Equal(("Complete", 12), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
        Assert.InRange(_clock.Seconds, 60, 180);
        AssertAttempts(reports, server, exactly: true);
    }

    [Theory(Timeout = HangMilliseconds)]
    [InlineData(1, 7, 11)]
    [InlineData(4, 7, 11)]
    [InlineData(4, 1, 2)]
    [InlineData(8, 30, 31)]
    public async Task Two_bad_files_fail_within_their_attempts_and_do_not_hold_the_others_up(int places, int resetting, int refusing)
    {
        TaskCompletionSource bad = new(TaskCreationOptions.RunContinuationsAsynchronously);
        HashSet<string> unasked = [$"/{resetting}", $"/{refusing}"];
        await using RecordingServer server = Saves.Server(Manifest(60), arrival =>
        {
            if (unasked.Remove(arrival.Path) && unasked.Count == 0)
            {
                bad.SetResult();
            }

            if (arrival.Path == $"/{resetting}")
            {
                return Answer.HangUp;
            }

            if (arrival.Path == $"/{refusing}")
            {
                return Answer.Plain(503);
            }

            // A bad file that is requested last of all, because its thread slept, has no others that show whose fault it is.
            bool isLater = int.Parse(arrival.Path[1..], CultureInfo.InvariantCulture) > Math.Max(resetting, refusing);
            return Answer.Ndjson("{}\n") with { After = isLater ? bad.Task : Task.CompletedTask };
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder, places);

        Assert.Equal(58, Receipts.Open(folder.Path).SavedCount);
        Assert.Equal(
            [$"Patient.{Math.Min(resetting, refusing):0000}.ndjson", $"Patient.{Math.Max(resetting, refusing):0000}.ndjson"],
            reports.Of<Failure>().Select(failure => Assert.IsType<ExportFile>(failure.Exception.Subject).Name).Order());
        SavedFile[] failed = [.. reports.Of<FileDone>().Select(done => done.File).Where(file => file.State == "Failed")];
        Assert.All(failed, file => Assert.InRange(file.Attempts, 5, 7));
        Assert.All(server.Arrivals.GroupBy(arrival => arrival.Path).Where(group => group.Key != $"/{resetting}" && group.Key != $"/{refusing}"), group => Assert.Single(group));
        Assert.InRange(_clock.Seconds, 10, 120);
    }

    [Theory(Timeout = HangMilliseconds)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(null)]
    public async Task The_others_are_served_without_any_time_passing_while_a_bad_file_waits(int? status)
    {
        TaskCompletionSource others = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int served = 0;
        await using RecordingServer server = Saves.Server(Manifest(60), arrival =>
        {
            if (arrival.Path == "/7")
            {
                return status is { } code ? Answer.Plain(code) : Answer.HangUp;
            }

            if (++served == 59)
            {
                others.SetResult();
            }

            return Answer.Ndjson("{}\n");
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder, 4, clock: new WaitlessClock { Held = others.Task });

        Assert.Equal("Patient.0007.ndjson", Assert.IsType<ExportFile>(reports.Failure().Subject).Name);
        Assert.Equal(59, Receipts.Open(folder.Path).SavedCount);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_bad_file_with_a_Retry_After_pauses_the_origin_once()
    {
        TaskCompletionSource bad = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RecordingServer server = Saves.Server(Manifest(20), arrival =>
        {
            if (arrival.Path == "/3")
            {
                bad.TrySetResult();
                return Answer.Plain(503).With("Retry-After", "100");
            }

            // As above: the others show whose fault it is only if some of them are answered later.
            bool isLater = int.Parse(arrival.Path[1..], CultureInfo.InvariantCulture) > 3;
            return Answer.Ndjson("{}\n") with { After = isLater ? bad.Task : Task.CompletedTask };
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder, 2);

        Assert.Equal(19, Receipts.Open(folder.Path).SavedCount);
        Assert.Equal("Patient.0003.ndjson", Assert.IsType<ExportFile>(reports.Failure().Subject).Name);
        Assert.All(server.Arrivals.GroupBy(arrival => arrival.Path).Where(group => group.Key != "/3"), group => Assert.Single(group));
        Assert.InRange(server.To("/3").Count, 5, 7);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_bad_file_with_a_Retry_After_fails_within_its_attempts_when_it_is_answered_after_all_others()
    {
        TaskCompletionSource others = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int served = 0;
        await using RecordingServer server = Saves.Server(Manifest(20), arrival =>
        {
            if (arrival.Path == "/3")
            {
                return Answer.Plain(503).With("Retry-After", "100") with { After = others.Task };
            }

            if (++served == 19)
            {
                others.SetResult();
            }

            return Answer.Ndjson("{}\n");
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder, 2);

        Assert.Equal(19, Receipts.Open(folder.Path).SavedCount);
        Assert.Equal("Patient.0003.ndjson", Assert.IsType<ExportFile>(reports.Failure().Subject).Name);
        Assert.InRange(server.To("/3").Count, 5, 7);
    }

    [Theory(Timeout = HangMilliseconds)]
    [InlineData(1)]
    [InlineData(300)]
    public async Task Files_of_an_origin_without_progress_fail_together_after_the_transient_timeout(int files)
    {
        await using RecordingServer server = Saves.Server(Manifest(files), _ => Answer.Plain(503));
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder, 4, TimeSpan.FromMinutes(20));

        Assert.Equal(files, reports.Of<Failure>().Count);
        Assert.All(reports.Of<Failure>(), failure => Assert.Contains("no progress for 20 min (-TransientTimeout)", failure.Exception.Message, StringComparison.Ordinal));
        Assert.InRange(_clock.Seconds, 20 * 60, 30 * 60);
        Assert.InRange(server.Arrivals.Count, 20, 60);
        AssertAttempts(reports, server, exactly: true);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_later_run_over_the_same_connection_asks_again()
    {
        bool isAway = true;
        await using RecordingServer server = Saves.Server(Manifest(3), _ => isAway ? Answer.Plain(503) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        using GroupExportConnection connection = Settings(TestConnections.Fhir(server)).Open();

        await RunAsync(connection, server, folder);
        Assert.Equal(0, Receipts.Open(folder.Path).SavedCount);
        isAway = false;
        await RunAsync(connection, server, folder);

        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    private static async Task RunAsync(GroupExportConnection connection, RecordingServer server, TemporaryFolder folder)
    {
        using SemaphoreSlim slots = new(4);
        ExportJob job = Exports.JobAt(server);
        using ExportFolder open = ExportFolder.OpenFor(job, folder.Path);
        await new SaveJob(job, open, () => connection, new SaveOptions { Slots = slots, Validation = Validation.Count }, _ => { }).RunAsync(CancellationToken.None);
    }

    private static string Manifest(int files) => Saves.Manifest(string.Join(',', Enumerable.Range(1, files).Select(i => $$"""{"type":"Patient","url":"/{{i}}"}""")));

    private ConnectionSettings Settings(ConnectionSettings settings) => Settings(settings, _clock);

    private static ConnectionSettings Settings(ConnectionSettings settings, TimeProvider clock) => settings with { Clock = clock, RequestTimeout = TimeSpan.FromDays(40), StallTimeout = TimeSpan.FromDays(40) };

    private Task<Reports> SaveAsync(RecordingServer server, TemporaryFolder folder, int places, TimeSpan? transientTimeout = null, WaitlessClock? clock = null) => Saves.SaveAsync(server, folder, new SaveSetup
    {
        Clock = clock ?? _clock,
        Connect = settings => Settings(settings, clock ?? _clock),
        ThrottleLimit = places,
        Retry = TransientRetry.Default,
        Wait = new WaitOptions { TransientTimeout = transientTimeout ?? TimeSpan.FromHours(1) },
    });

    /// <summary>What is shown is how often the server was really asked; where a connection is closed, the HTTP stack asks once more by itself.</summary>
    private static void AssertAttempts(Reports reports, RecordingServer server, bool exactly)
    {
        foreach (SavedFile file in reports.Of<FileDone>().Select(done => done.File))
        {
            int asked = server.To("/" + int.Parse(file.Name.Split('.')[1], CultureInfo.InvariantCulture)).Count;
            Assert.InRange(file.Attempts, exactly ? asked : 1, asked);
        }
    }
}
