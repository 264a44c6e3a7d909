using System.Diagnostics;
using System.Globalization;
using CsCheck;

namespace GroupExport.Fuzz;

/// <summary>Runs the generated tests for long: <c>dotnet run -c Release --project tests/Fuzz -- --minutes 30 [target ...]</c>.</summary>
internal static class Program
{
    private const int Round = 2_000;

    private static int Main(string[] arguments)
    {
        int at = Array.IndexOf(arguments, "--minutes");
        if (at < 0 || at + 1 == arguments.Length || !double.TryParse(arguments[at + 1], CultureInfo.InvariantCulture, out double minutes))
        {
            Console.Error.WriteLine($"Specify --minutes and, optionally, targets: {string.Join(", ", Targets.All.Select(target => target.Name))}.");
            return 64;
        }

        string[] names = [.. arguments.Where((_, index) => index != at && index != at + 1)];
        Target[] targets = [.. Targets.All.Where(target => names.Length == 0 || names.Contains(target.Name))];
        int found = 0;
        foreach (Target target in targets)
        {
            found += Run(target, TimeSpan.FromMinutes(minutes / targets.Length));
        }

        return found == 0 ? 0 : 1;
    }

    /// <summary>Returns the number of inputs that broke a reader; each is written to the current folder, to be kept below <c>Found</c>.</summary>
    private static int Run(Target target, TimeSpan time)
    {
        long started = Stopwatch.GetTimestamp();
        long inputs = 0;
        int found = 0;
        HashSet<string> known = [];
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            byte[]? last = null;
            try
            {
                Mutation.Of(target.Seeds).Sample(
                    input =>
                    {
                        last = input;
                        Interlocked.Increment(ref inputs);
                        target.Run(input);
                    },
                    iter: Round,
                    threads: 1);
            }
            catch (CsCheckException exception)
            {
                string fault = exception.InnerException?.InnerException?.Message ?? exception.InnerException?.Message ?? exception.Message;
                if (known.Add(fault[..Math.Min(fault.Length, 80)]))
                {
                    found++;
                    string path = $"{target.Name}.{found}.bin";
                    File.WriteAllBytes(path, last!);
                    Console.WriteLine($"{target.Name}: {fault} ({path})");
                }
            }
        }

        Console.WriteLine($"{target.Name}: {inputs} inputs in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, {found} findings");
        return found;
    }
}
