using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Waiting;

/// <summary>Many jobs waited for at once by one command, each polled every second, in a process of its own: memory and threads beside those of ten jobs.</summary>
internal static class JobsBenchmark
{
    private const int Baseline = 10;
    private static readonly int[] s_more = [100, 500, 2000];

    public static void Run(BenchmarkOptions options)
    {
        using WorkFolder work = new(options);
        using ServerProcess server = ServerProcess.Start(work);
        int requests = options.Quick ? 3 : 10;
        WaitingReport few = WaitingProgram.Start(server, Baseline, requests);
        Write(Baseline, few);
        foreach (int jobs in options.Quick ? s_more[..^1] : s_more)
        {
            WaitingReport many = WaitingProgram.Start(server, jobs, requests);
            Write(
                jobs,
                many,
                ("extraMB", many.PeakMB - few.PeakMB),
                ("extraKBPerJob", (many.PeakMB - few.PeakMB) * 1000 / (jobs - Baseline)),
                ("extraManagedMB", many.ManagedMB - few.ManagedMB),
                ("extraThreads", many.Threads - few.Threads));
        }
    }

    private static void Write(int jobs, WaitingReport report, params (string Name, object Value)[] more) =>
        Measurement.Write($"jobs-{jobs}", [("peakMB", report.PeakMB), ("managedMB", report.ManagedMB), ("threads", report.Threads), .. more, ("cpuSeconds", report.CpuSeconds), ("seconds", report.Seconds)]);
}
