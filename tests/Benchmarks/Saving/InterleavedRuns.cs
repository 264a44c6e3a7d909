using System.Diagnostics;
using GroupExport.Benchmarks.Data;

namespace GroupExport.Benchmarks.Saving;

/// <summary>Something that saves an export to a folder.</summary>
internal sealed record Contender(string Name, Action<string> Save);

/// <summary>Something that runs in a process of its own, with a folder to save to: seconds of the clock and of that process.</summary>
internal sealed record Measured(string Name, Func<string, (double Wall, double Cpu)> Run);

/// <summary>What the runs of a contender took, in the order of the rounds: seconds of the clock and of the process.</summary>
internal sealed record Timings(List<double> Wall, List<double> Cpu)
{
    public double Seconds => Measurement.Median(Wall);

    public double CpuSeconds => Measurement.Median(Cpu);
}

/// <summary>Runs contenders in turn, so that what disturbs the machine disturbs all of them; the first round is not counted.</summary>
internal sealed class InterleavedRuns(WorkFolder work, int rounds)
{
    public Dictionary<string, Timings> Measure(IReadOnlyList<Contender> contenders) =>
        Measure([.. contenders.Select(contender => new Measured(contender.Name, folder => InThisProcess(contender, folder)))]);

    public Dictionary<string, Timings> Measure(IReadOnlyList<Measured> contenders)
    {
        Dictionary<string, Timings> timings = contenders.ToDictionary(contender => contender.Name, _ => new Timings([], []));
        for (int round = 0; round <= rounds; round++)
        {
            foreach (Measured contender in contenders)
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

    private (double Wall, double Cpu) MeasureOnce(Measured contender)
    {
        string folder = work.NextRun();
        Settle();
        (double Wall, double Cpu) times = contender.Run(folder);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return times;
    }

    private static (double Wall, double Cpu) InThisProcess(Contender contender, string folder)
    {
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        contender.Save(folder);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (seconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
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
