using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GroupExport.Benchmarks;

/// <summary>What a press of Tab costs: the first of a parameter in a fresh engine process, module imported, and those after it.</summary>
internal static class CompletionBenchmark
{
    public const string OnceArgument = "completion-once";

    private const int Rounds = 10;
    private const int Presses = 20;

    private static readonly (string Name, string Line)[] s_lines =
    [
        ("Type", "New-GroupExport g -Type "),
        ("Element", "New-GroupExport g -Element "),
        ("ElementOfType", "New-GroupExport g -Type Patient, Observation -Element "),
        ("TypeFilter", "New-GroupExport g -TypeFilter "),
        ("TypeFilterParameter", "New-GroupExport g -TypeFilter 'Observation?"),
    ];

    public static void Run()
    {
        foreach ((string name, string line) in s_lines)
        {
            double[][] rounds = [.. Enumerable.Range(0, Rounds).Select(_ => InFreshProcess(line))];
            Measurement.Write(
                $"completion-{name}",
                ("offers", rounds[0][2]),
                ("firstMs", Measurement.Median(rounds.Select(round => round[0]))),
                ("firstWorstMs", rounds.Max(round => round[0])),
                ("nextMs", Measurement.Median(rounds.Select(round => round[1]))));
        }
    }

    /// <summary>Completes in this process: prints the milliseconds of the first press, the median of those after it, and how many words were offered.</summary>
    public static void Once(string line)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Measurement.BuildFact("StagedModule")]);
        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();

        // The engine's own first completion is not ours.
        _ = Press(runspace, "Get-Command -CommandType ");
        (double first, int offers) = Press(runspace, line);
        double next = Measurement.Median(Enumerable.Range(0, Presses).Select(_ => Press(runspace, line).Milliseconds));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first} {next} {offers}"));
    }

    private static (double Milliseconds, int Offers) Press(Runspace runspace, string line)
    {
        using PowerShell shell = PowerShell.Create(runspace);
        long started = Stopwatch.GetTimestamp();
        CommandCompletion found = CommandCompletion.CompleteInput(line, line.Length, options: null, shell);
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, found.CompletionMatches.Count);
    }

    private static double[] InFreshProcess(string line)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [OnceArgument, line]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return [.. output.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
    }
}
