using System.Globalization;
using GroupExport.Benchmarks.Data;

namespace GroupExport.Benchmarks.Resources;

/// <summary>Import-ExportFiles beside <c>Get-Content | ConvertFrom-Json</c> in a real pwsh: time for the same lines, and peak memory for many of them.</summary>
internal static class ResourcesBenchmark
{
    /// <summary>Runs each contender over all files, one after the other, and writes the seconds of each.</summary>
    private const string TimeScript = """
        param($module, $folder, [int] $rounds)
        $ErrorActionPreference = 'Stop'
        Import-Module $module
        Add-Type @'
        using System.Management.Automation;
        public static class Walk
        {
            public static void Touch(PSObject made)
            {
                foreach (PSPropertyInfo property in made.Properties) { _ = property.Value; }
            }

            public static void Through(object value)
            {
                if (value is object[] array) { foreach (object item in array) { Through(item); } }
                else if (value is PSObject made && made.BaseObject is PSCustomObject) { foreach (PSPropertyInfo property in made.Properties) { Through(property.Value); } }
            }
        }
        '@
        $files = (Get-ChildItem "$folder/*.ndjson").FullName
        $contenders = [ordered]@{
            'convert' = { foreach ($file in $files) { Get-Content -LiteralPath $file | ConvertFrom-Json | Out-Null } }
            'untouched' = { Import-ExportFiles -LiteralPath $files | Out-Null }
            'json' = { Import-ExportFiles -LiteralPath $files -As Json | Out-Null }
            'convert-touched' = { foreach ($file in $files) { Get-Content -LiteralPath $file | ConvertFrom-Json | & { process { [Walk]::Touch($_) } } } }
            'touched' = { Import-ExportFiles -LiteralPath $files | & { process { [Walk]::Touch($_) } } }
            'convert-walked' = { foreach ($file in $files) { Get-Content -LiteralPath $file | ConvertFrom-Json | & { process { [Walk]::Through($_) } } } }
            'walked' = { Import-ExportFiles -LiteralPath $files | & { process { [Walk]::Through($_) } } }
            'fhir' = { Import-ExportFiles -LiteralPath $files -As Fhir | Out-Null }
        }
        foreach ($round in 0..$rounds) {
            foreach ($name in $contenders.Keys) {
                [GC]::Collect()
                $clock = [Diagnostics.Stopwatch]::StartNew()
                & $contenders[$name]
                if ($round) { "$name $($clock.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))" }
            }
        }
        """;

    /// <summary>Reads all files once and writes the peak of the process in bytes.</summary>
    private const string MemoryScript = """
        param($module, $folder, $form)
        $ErrorActionPreference = 'Stop'
        Import-Module $module
        Import-ExportFiles "$folder/*.ndjson" -As $form | Out-Null
        [Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64
        """;

    public static void Run(BenchmarkOptions options)
    {
        if (Pwsh.Find(options) is not { } pwsh)
        {
            Console.Error.WriteLine("resources: skipped, because there is no pwsh in the PATH. Name one with --pwsh PATH.");
            return;
        }

        using WorkFolder work = new(options);
        ExportSets sets = new(work, options);
        ExportSet timed = sets.Repeated("resources", Math.Max(1, options.Megabytes / 20));
        Time(work, pwsh, timed, options.Rounds);
        ExportSet small = sets.Repeated("small", options.Megabytes / 10);
        ExportSet big = sets.Repeated("big", options.Megabytes * 2);
        foreach (string form in new[] { "Object", "Json" })
        {
            double peak = Peak(work, pwsh, small, form);
            Measurement.Write($"memory-resources-{form.ToLowerInvariant()}", ("peakMB", peak), ("extraMB", Peak(work, pwsh, big, form) - peak), ("megabytes", big.Bytes / 1e6));
        }
    }

    private static void Time(WorkFolder work, string pwsh, ExportSet set, int rounds)
    {
        string[] lines = Pwsh.Run(pwsh, work.WriteScript(TimeScript), Measurement.BuildFact("StagedModule"), set.Folder, rounds.ToString(CultureInfo.InvariantCulture));
        Dictionary<string, double> seconds = lines
            .Select(line => line.Split(' '))
            .GroupBy(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture))
            .ToDictionary(times => times.Key, Measurement.Median);
        long count = set.Files.Sum(file => file.Count);
        foreach ((string name, string beside) in new[] { ("untouched", "convert"), ("touched", "convert-touched"), ("walked", "convert-walked"), ("json", "convert"), ("fhir", "convert") })
        {
            Measurement.Write(
                $"resources-{name}",
                ("perSecond", count / seconds[name]),
                ("convertFromJsonPerSecond", count / seconds[beside]),
                ("ratio", seconds[beside] / seconds[name]),
                ("resources", count),
                ("megabytes", set.Bytes / 1e6));
        }
    }

    private static double Peak(WorkFolder work, string pwsh, ExportSet set, string form) =>
        double.Parse(Pwsh.Run(pwsh, work.WriteScript(MemoryScript), Measurement.BuildFact("StagedModule"), set.Folder, form)[^1], CultureInfo.InvariantCulture) / 1e6;
}
