using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>Very many files of 5 kB, beside a bare copy that flushes each of them too.</summary>
internal static class SmallFilesBenchmark
{
    private const string Copy = "copy-small-files";
    private const string CopyFlushed = "copy-small-files-flushed";

    public static void Run(BenchmarkOptions options)
    {
        using WorkFolder work = new(options);
        ExportSet set = new ExportSets(work, options).Small("small", options.SmallFiles);
        using ServerProcess server = ServerProcess.Start(work);
        using ModuleSession session = new(server.FhirBase);

        // The default, which the target is set for, has the plain name.
        (string Name, SaveMode Mode)[] saves =
        [
            .. session.Supported(SaveMode.Identity).Select(mode => ($"save-small-files{(mode == SaveMode.Count ? "" : $"-{mode.Name}")}", mode)),
        ];
        using BareCopy copy = new(flush: false);
        using BareCopy flushed = new(flush: true);
        Contender[] contenders =
        [
            new(Copy, folder => copy.Run(server, set, folder)),
            new(CopyFlushed, folder => flushed.Run(server, set, folder)),
            .. saves.Select(save => new Contender(save.Name, folder => session.Save(server.StatusOf(set), folder, save.Mode, set.Files.Count))),
        ];
        Comparison comparison = new(new InterleavedRuns(work, options.Rounds).Measure(contenders), set.Bytes);
        comparison.Write(Copy, ("files", set.Files.Count));
        comparison.WriteRatios(CopyFlushed, Copy);
        foreach ((string name, SaveMode mode) in saves)
        {
            comparison.WriteRatios(name, CopyFlushed, ("wallRatioToUnflushed", comparison.WallRatio(name, Copy)), ("peakMB", ClientProcess.PeakMegabytes(work, server, set, mode)));
        }
    }
}
