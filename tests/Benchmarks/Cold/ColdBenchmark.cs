using System.Diagnostics;
using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Saving;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Cold;

/// <summary>
/// Measures what an export costs from the start of PowerShell to its end, in processor time: each run is a process of its own, beside an idle shell and a
/// process that copies the same files, flushes them and makes a SHA-256 of each. The server's time does not count.
/// </summary>
internal static class ColdBenchmark
{
    private const string Idle = "exit";
    private const string Import = "param($module) $ErrorActionPreference = 'Stop'; Import-Module $module";
    private const string Save = """
        param($module, $base, $status, $folder, $validation, $throttle, $count)
        $ErrorActionPreference = 'Stop'
        Import-Module $module
        $null = Connect-GroupExport -FhirBaseUri $base
        $saved = @($status | Save-ExportFiles -Path $folder -Validation $validation -ThrottleLimit $throttle)
        if ($saved.Count -ne $count) { throw "$($saved.Count) of $count files were saved." }
        """;

    private const int FilesOfTwoGigabytes = 2720;

    public static void Run(BenchmarkOptions options)
    {
        if (FreshShell.Find(options) is not { } shell)
        {
            Console.Error.WriteLine("cold: skipped, because there is no pwsh. Run `dotnet tool restore`, or specify one with --pwsh PATH.");
            return;
        }

        using WorkFolder work = new(options);
        ExportSets sets = new(work, options);
        ExportSet one = sets.Small("one", 1);
        ExportSet small = sets.Small("small", Math.Max(2, options.SmallFiles / 10));
        ExportSet bulk = sets.Cut("bulk", 2L * options.Megabytes * 1_000_000, FilesOfTwoGigabytes * options.Megabytes / 1000);
        using ServerProcess server = ServerProcess.Start(work);
        string idle = work.WriteScript(Idle);
        string import = work.WriteScript(Import);
        string save = work.WriteScript(Save);

        Measured Saving(string name, ExportSet set, string validation) => new(name, folder => shell.Run(
            save, Measurement.BuildFact("StagedModule"), server.FhirBase.AbsoluteUri, server.StatusOf(set).AbsoluteUri, folder, validation, $"{ModuleSession.ThrottleLimit}", $"{set.Files.Count}"));
        Measured Copying(string name, ExportSet set, bool hash) => new(name, folder => ChildUsage.Run(new ProcessStartInfo(
            Environment.ProcessPath!, [CopyProgram.Verb, server.Origin.AbsoluteUri, set.Folder, folder, $"{hash}"])));

        Measured[] contenders =
        [
            new Measured("idle", _ => shell.Run(idle)),
            new Measured("import", _ => shell.Run(import, Measurement.BuildFact("StagedModule"))),
            Saving("one", one, "Full"),
            Saving("small", small, "Full"),
            Copying("copy-one", one, hash: true),
            Copying("copy-small", small, hash: true),
            Copying("copy", bulk, hash: false),
            Copying("copy-sha256", bulk, hash: true),
            Saving("none", bulk, "None"),
            Saving("count", bulk, "Count"),
            Saving("full", bulk, "Full"),
        ];
        Write(new InterleavedRuns(work, options.Rounds).Measure([.. contenders.Where(IsMeasured)]), small.Files.Count, bulk);

        bool IsMeasured(Measured contender) => options.Only.Count == 0 || options.Only.Contains(contender.Name);
    }

    private static void Write(Dictionary<string, Timings> timings, int smallFiles, ExportSet bulk)
    {
        // Without a measurement there is no number, which is written as null.
        double Cpu(string name) => timings.TryGetValue(name, out Timings? of) ? of.CpuSeconds : double.NaN;
        double Seconds(string name) => timings.TryGetValue(name, out Timings? of) ? of.Seconds : double.NaN;
        Measurement.Write("cold-idle", ("cpuSeconds", Cpu("idle")), ("seconds", Seconds("idle")));
        Measurement.Write("cold-import", ("cpuSeconds", Cpu("import")), ("extraCpuSeconds", Cpu("import") - Cpu("idle")));
        Measurement.Write("cold-fixed", ("cpuSeconds", Cpu("one")), ("extraCpuSeconds", Cpu("one") - Cpu("idle")), ("seconds", Seconds("one")));
        Measurement.Write("cold-per-file", ("cpuMilliseconds", (Cpu("small") - Cpu("one")) / (smallFiles - 1) * 1000), ("cpuMillisecondsOfCopy", (Cpu("copy-small") - Cpu("copy-one")) / (smallFiles - 1) * 1000), ("files", smallFiles), ("seconds", Seconds("small")));
        foreach (string name in new[] { "copy", "copy-sha256", "none", "count", "full" })
        {
            Measurement.Write(
                $"cold-{name}",
                ("cpuSeconds", Cpu(name)),
                ("cpuRatioToCopySha256", Cpu(name) / Cpu("copy-sha256")),
                ("wallRatioToCopySha256", Seconds(name) / Seconds("copy-sha256")),
                ("seconds", Seconds(name)),
                ("files", bulk.Files.Count),
                ("megabytes", bulk.Bytes / 1e6));
        }
    }
}
