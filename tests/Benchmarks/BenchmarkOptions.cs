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

    /// <summary>Whether data is made up though real data is at hand.</summary>
    public bool MadeUp { get; init; }

    /// <summary>Splits the command line into the names of benchmarks and the options.</summary>
    /// <exception cref="ArgumentException">An option is not known or lacks its value.</exception>
    public static (string[] Names, BenchmarkOptions Options) Parse(string[] args)
    {
        List<string> names = [];
        BenchmarkOptions options = args.Contains("--quick") ? ForQuick() : new BenchmarkOptions();
        for (int index = 0; index < args.Length; index++)
        {
            switch (args[index])
            {
                case "--quick":
                    break;
                case "--made-up":
                    options = options with { MadeUp = true };
                    break;
                case { } option when option.StartsWith('-'):
                    index++;
                    options = options.With(option, index < args.Length ? args[index] : throw new ArgumentException($"{option} lacks its value."));
                    break;
                case { } name:
                    names.Add(name);
                    break;
            }
        }

        return ([.. names], options);
    }

    private static BenchmarkOptions ForQuick() => new() { Quick = true, Rounds = 1, Megabytes = 64, SmallFiles = 500, Kills = 3 };

    private BenchmarkOptions With(string option, string value) => option switch
    {
        "--data" => this with { DataPath = Path.GetFullPath(value) },
        "--rounds" => this with { Rounds = Number(option, value) },
        "--megabytes" => this with { Megabytes = Number(option, value) },
        "--small-files" => this with { SmallFiles = Number(option, value) },
        "--kills" => this with { Kills = Number(option, value) },
        "--seed" => this with { Seed = Number(option, value) },
        _ => throw new ArgumentException($"There is no option {option}. Choose of: --quick, --made-up, --data, --rounds, --megabytes, --small-files, --kills, --seed."),
    };

    private static int Number(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : throw new ArgumentException($"{option} needs a whole number, not '{value}'.");
}
