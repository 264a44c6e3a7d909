using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GroupExport.Benchmarks;

/// <summary>What Import-Module costs in a fresh engine process, beside an empty binary module with a manifest of its own: interleaved, the first round not counted.</summary>
internal static class ImportBenchmark
{
    public const string OnceArgument = "import-once";

    private const int Rounds = 15;

    public static void Run()
    {
        List<(double Wall, double Cpu)> empty = [];
        List<(double Wall, double Cpu)> staged = [];
        for (int round = 0; round <= Rounds; round++)
        {
            (double Wall, double Cpu) bare = InFreshProcess(Measurement.BuildFact("EmptyModule"));
            (double Wall, double Cpu) ours = InFreshProcess(Measurement.BuildFact("StagedModule"));
            if (round > 0)
            {
                empty.Add(bare);
                staged.Add(ours);
            }
        }

        Measurement.Write(
            "import",
            ("emptyMs", Measurement.Median(empty.Select(run => run.Wall))),
            ("stagedMs", Measurement.Median(staged.Select(run => run.Wall))),
            ("extraMs", Measurement.Median(staged.Zip(empty, (ours, bare) => ours.Wall - bare.Wall))),
            ("extraCpuMs", Measurement.Median(staged.Zip(empty, (ours, bare) => ours.Cpu - bare.Cpu))));
    }

    /// <summary>Imports once in this process and prints the milliseconds, of the clock and of the processor.</summary>
    public static void Once(string module)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", module);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        shell.Invoke();
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        double cpuMilliseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds;
        if (shell.HadErrors)
        {
            throw new InvalidOperationException(shell.Streams.Error[0].ToString());
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{milliseconds} {cpuMilliseconds}"));
    }

    private static (double Wall, double Cpu) InFreshProcess(string module)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [OnceArgument, module]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double[] milliseconds = [.. output.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        return (milliseconds[0], milliseconds[1]);
    }
}
