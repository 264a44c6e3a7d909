using System.Globalization;

namespace GroupExport.Benchmarks;

/// <summary>What the command line says about how much is measured, and where.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>Only whether the benchmarks work: figures of so little data say nothing.</summary>
    public bool Quick { get; init; }

    /// <summary>Counted rounds of each contender, after one warm-up.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>The size of the export that is saved, in MB (10^6 bytes).</summary>
    public int Megabytes { get; init; } = 1000;

    /// <summary>How many small files are saved.</summary>
    public int SmallFiles { get; init; } = 20_000;

    /// <summary>How often an export is killed.</summary>
    public int Kills { get; init; } = 50;

    /// <summary>Of the moments of the kills.</summary>
    public int Seed { get; init; } = 20261;

    /// <summary>Where the data is made and saved; null for the system's temporary folder.</summary>
    public string? DataPath { get; init; }

    /// <summary>A PowerShell to measure in; null for the one of the PATH.</summary>
    public string? Pwsh { get; init; }

    /// <summary>The names of the contenders to measure; empty for all. Benchmarks without such names ignore it.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Whether data is made up though real data is at hand.</summary>
    public bool MadeUp { get; init; }

    /// <summary>Splits the command line into the names of benchmarks and the options.</summary>
    /// <returns>False when an option is not known or lacks its value.</returns>
    public static bool TryParse(string[] args, out string[] names, out BenchmarkOptions options, out string wrong)
    {
        options = args.Contains("--quick") ? ForQuick() : new BenchmarkOptions();
        wrong = "";
        List<string> found = [];
        for (int index = 0; index < args.Length && wrong is ""; index++)
        {
            string arg = args[index];
            if (!arg.StartsWith('-'))
            {
                found.Add(arg);
            }
            else if (arg != "--quick" && options.With(arg, index + 1 < args.Length ? args[index + 1] : "") is var (changed, words))
            {
                options = changed;
                index += words;
            }
            else if (arg != "--quick")
            {
                wrong = $"{arg} is no option, or its value is missing or no whole number. Choose of: --quick, --made-up, --data PATH, --pwsh PATH, --rounds N, --megabytes N, --small-files N, --kills N, --seed N, --only NAME,NAME.";
            }
        }

        names = [.. found];
        return wrong is "";
    }

    private static BenchmarkOptions ForQuick() => new() { Quick = true, Rounds = 1, Megabytes = 64, SmallFiles = 500, Kills = 3 };

    /// <summary>Sets an option, and says how many words its value is; null when it is none.</summary>
    private (BenchmarkOptions Changed, int Words)? With(string option, string value)
    {
        int number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : 0;
        return option switch
        {
            "--made-up" => (this with { MadeUp = true }, 0),
            "--data" when value.Length > 0 => (this with { DataPath = Path.GetFullPath(value) }, 1),
            "--pwsh" when value.Length > 0 => (this with { Pwsh = Path.GetFullPath(value) }, 1),
            "--only" when value.Length > 0 => (this with { Only = value.Split(',') }, 1),
            "--rounds" when number > 0 => (this with { Rounds = number }, 1),
            "--megabytes" when number > 0 => (this with { Megabytes = number }, 1),
            "--small-files" when number > 0 => (this with { SmallFiles = number }, 1),
            "--kills" when number > 0 => (this with { Kills = number }, 1),
            "--seed" when number > 0 => (this with { Seed = number }, 1),
            _ => null,
        };
    }
}
