using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GroupExport.Benchmarks.Cold;

/// <summary>Runs child processes and returns the processor time of each, from its first instruction to its last.</summary>
internal static class ChildUsage
{
    private const int OfEndedChildren = -1;
    private const int WordsOfStructure = 36;

    /// <summary>Runs a process to its end.</summary>
    /// <returns>User and system time of it and of the processes that it waited for, in seconds, and the seconds of the clock.</returns>
    /// <exception cref="InvalidOperationException">It failed: its exit code is not 0.</exception>
    public static (double Wall, double Cpu) Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        double before = OperatingSystem.IsWindows() ? 0 : EndedChildren();
        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double cpu = OperatingSystem.IsWindows() ? process.TotalProcessorTime.TotalSeconds : EndedChildren() - before;
        return process.ExitCode == 0 ? (wall, cpu) : throw new InvalidOperationException(output);
    }

    /// <summary>Of a process that has ended, Unix keeps its time only as part of the sum of all children.</summary>
    private static double EndedChildren()
    {
        long[] usage = new long[WordsOfStructure];
        return GetUsage(OfEndedChildren, usage) == 0
            ? usage[0] + usage[2] + ((Microseconds(usage[1]) + Microseconds(usage[3])) / 1e6)
            : throw new InvalidOperationException($"The time of the child processes is not available: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>On macOS only the lower half of the word is used.</summary>
    private static long Microseconds(long word) => word & 0xFFFF_FFFF;

    [DllImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int GetUsage(int who, [Out] long[] usage);
}
