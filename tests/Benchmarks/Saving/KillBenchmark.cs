using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>Kills the process that saves at random moments, lets another go on to the end, and compares every byte with what the server has.</summary>
internal static class KillBenchmark
{
    private const int BigFiles = 8;
    private const int SmallFiles = 320;
    private const double ExportSeconds = 3;

    public static void Run(BenchmarkOptions options)
    {
        using WorkFolder work = new(options);
        ExportSet set = new ExportSets(work, options).Mixed("mixed", BigFiles, options.Quick ? 5 : 25, SmallFiles);
        using ServerProcess server = ServerProcess.Start(work, (long)(set.Bytes / ExportSeconds));
        using ModuleSession session = new(server.FhirBase);
        SaveMode mode = session.Supported(SaveMode.Count, SaveMode.Full)[^1];
        double seconds = UnharmedSeconds(work, server, set, mode);
        Random moments = new(options.Seed);
        List<KillResult> results = [];

        // A kill that comes when all is done does not count, but such a machine must not be tried for ever.
        for (int kill = 1; results.Count(result => result.WasRunning) < options.Kills && kill <= options.Kills * 2; kill++)
        {
            string folder = work.NextRun();
            KillResult result = KillOnce(session, server, set, mode, folder, moments.NextDouble() * seconds);
            Directory.Delete(folder, recursive: true);
            results.Add(result);
            Write(kill, result);
        }

        double[] refetched = [.. results.Where(result => result.WasRunning).Select(result => result.RefetchedMB).DefaultIfEmpty()];
        Measurement.Write(
            "kill-summary",
            ("validation", mode.Validation),
            ("seed", options.Seed),
            ("exports", results.Count),
            ("kills", results.Count(result => result.WasRunning)),
            ("identical", results.TrueForAll(result => result.Difference is null)),
            ("complete", results.Count(result => result.State == "Complete")),
            ("refetchedMBMedian", Measurement.Median(refetched)),
            ("refetchedMBMax", refetched.Max()),
            ("megabytes", set.Bytes / 1e6),
            ("unharmedSeconds", seconds));
    }

    private static double UnharmedSeconds(WorkFolder work, ServerProcess server, ExportSet set, SaveMode mode)
    {
        string folder = work.NextRun();
        using ClientProcess client = ClientProcess.Start(server, set, mode, folder);
        double seconds = client.Finish().Seconds;
        Directory.Delete(folder, recursive: true);
        return seconds;
    }

    private static KillResult KillOnce(ModuleSession session, ServerProcess server, ExportSet set, SaveMode mode, string folder, double seconds)
    {
        Sent before = server.ReadCounters();
        bool wasRunning;
        using (ClientProcess killed = ClientProcess.Start(server, set, mode, folder))
        {
            killed.WaitUntilSaving();
            Thread.Sleep(TimeSpan.FromSeconds(seconds));
            wasRunning = killed.Kill();
        }

        Sent halfway = server.ReadCounters();
        using ClientProcess rerun = ClientProcess.Start(server, set, mode, folder);
        bool ended = rerun.TryFinish() is not null;
        Sent after = server.ReadCounters();
        return new KillResult(
            seconds,
            wasRunning,
            ended ? SavedFolder.FindDifference(folder, set) : "the rerun failed",
            ended ? session.StateOf(folder) : "",
            (halfway.BodyBytes - before.BodyBytes) / 1e6,
            (after.BodyBytes - before.BodyBytes - set.Bytes) / 1e6,
            after.PartialAnswers - before.PartialAnswers);
    }

    private static void Write(int kill, KillResult result) => Measurement.Write(
        "kill",
        ("kill", kill),
        ("atSeconds", result.AtSeconds),
        ("wasRunning", result.WasRunning),
        ("identical", result.Difference is null),
        ("difference", result.Difference ?? ""),
        ("state", result.State),
        ("sentBeforeMB", result.SentBeforeMB),
        ("refetchedMB", result.RefetchedMB),
        ("partialAnswers", result.PartialAnswers));
}

/// <summary>What came of one kill.</summary>
/// <param name="AtSeconds">When, in seconds after saving began.</param>
/// <param name="WasRunning">Whether the process had not ended by itself.</param>
/// <param name="Difference">What is not as it should be after the rerun, or null.</param>
/// <param name="State">The receipt's, after the rerun.</param>
/// <param name="SentBeforeMB">What the server had sent when the process was killed, in MB.</param>
/// <param name="RefetchedMB">What the server sent more than once, in MB; includes what was still on its way to the killed process.</param>
/// <param name="PartialAnswers">How many files were gone on with.</param>
internal sealed record KillResult(double AtSeconds, bool WasRunning, string? Difference, string State, double SentBeforeMB, double RefetchedMB, long PartialAnswers);
