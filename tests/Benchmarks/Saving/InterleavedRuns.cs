using System.Diagnostics;
using GroupExport.Benchmarks.Data;

namespace GroupExport.Benchmarks.Saving;

/// <summary>Something that saves an export to a folder.</summary>
internal sealed record Contender(string Name, Action<string> Save);

/// <summary>What the runs of a contender took, in the order of the rounds: seconds of the clock and of this process.</summary>
internal sealed record Timings(List<double> Wall, List<double> Cpu)
{
    public double Seconds => Measurement.Median(Wall);

    public double CpuSeconds => Measurement.Median(Cpu);
}

/// <summary>Runs contenders in turn, so that what disturbs the machine disturbs all of them; the first round is not counted.</summary>
internal sealed class InterleavedRuns(WorkFolder work, int rounds)
{
    public Dictionary<string, Timings> Measure(IReadOnlyList<Contender> contenders)
    {
        Dictionary<string, Timings> timings = contenders.ToDictionary(contender => contender.Name, _ => new Timings([], []));
        for (int round = 0; round <= rounds; round++)
        {
            foreach (Contender contender in contenders)
            {
                (double wall, double cpu) = MeasureOnce(contender);
                if (round > 0)
                {
                    timings[contender.Name].Wall.Add(wall);
                    timings[contender.Name].Cpu.Add(cpu);
                }
            }
        }

        return timings;
    }

    private (double Wall, double Cpu) MeasureOnce(Contender contender)
    {
        string folder = work.NextRun();
        Settle();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        contender.Save(folder);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return (seconds, cpuSeconds);
    }

    /// <summary>What the run before left, on the heap and on its way to the disk, is not this one's cost.</summary>
    private static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (!OperatingSystem.IsWindows())
        {
            using Process sync = Process.Start("sync");
            sync.WaitForExit();
        }
    }
}
