using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>The peak memory of a process that saves one export, beside that of a small export: it must not grow with the files, and with lines no more than it has to.</summary>
internal static class MemoryBenchmark
{
    private const int MostRounds = 3;
    private const int LineMiB = 64;

    public static void Run(BenchmarkOptions options)
    {
        using WorkFolder work = new(options);
        ExportSets sets = new(work, options);

        // 2 GB beside 100 MB, by default.
        int big = options.Megabytes * 2;
        ExportSet small = sets.Repeated("small-export", options.Megabytes / 10);
        ExportSet[] others =
        [
            sets.Repeated("big-export", big),
            sets.Single("single-file", big),
            sets.LongLines("long-lines", files: 1, linesEach: 4, LineMiB << 20),
            sets.LongLines("long-lines-4-files", files: 4, linesEach: 2, LineMiB << 20),
        ];
        using ServerProcess server = ServerProcess.Start(work);
        using ModuleSession session = new(server.FhirBase);
        foreach (SaveMode mode in session.Supported(SaveMode.Identity))
        {
            double baseline = Peak(work, server, small, mode, options);
            Write(small, mode, baseline);
            foreach (ExportSet set in others)
            {
                double peak = Peak(work, server, set, mode, options);
                Write(set, mode, peak, ("extraMB", peak - baseline));
            }
        }
    }

    private static double Peak(WorkFolder work, ServerProcess server, ExportSet set, SaveMode mode, BenchmarkOptions options) =>
        Measurement.Median(Enumerable.Range(0, Math.Min(options.Rounds, MostRounds)).Select(_ => ClientProcess.PeakMegabytes(work, server, set, mode)).ToArray());

    private static void Write(ExportSet set, SaveMode mode, double peak, params (string Name, object Value)[] more) =>
        Measurement.Write($"memory-{set.Name}-{mode.Name}", [("peakMB", peak), .. more, ("megabytes", set.Bytes / 1e6), ("files", set.Files.Count)]);
}
