using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>The same over a link of 1 Gbit/s: what the module looks at should hide behind the network.</summary>
internal static class LinkBenchmark
{
    private const long BytesPerSecond = 125_000_000;
    private const string Copy = "link-copy";

    public static void Run(BenchmarkOptions options)
    {
        using WorkFolder work = new(options);
        ExportSet set = new ExportSets(work, options).Repeated("bulk", options.Megabytes);
        using ServerProcess server = ServerProcess.Start(work, BytesPerSecond);
        using ModuleSession session = new(server.FhirBase);
        SaveMode[] modes = session.Supported(SaveMode.Identity);
        using BareCopy copy = new(flush: true);
        Contender[] contenders =
        [
            new(Copy, folder => copy.Run(server, set, folder)),
            .. modes.Select(mode => new Contender($"link-{mode.Name}", folder => session.Save(server.StatusOf(set), folder, mode, set.Files.Count))),
        ];
        Comparison comparison = new(new InterleavedRuns(work, options.Rounds).Measure(contenders), set.Bytes);
        comparison.Write(Copy);
        foreach (SaveMode mode in modes)
        {
            string name = $"link-{mode.Name}";
            comparison.WriteRatios(name, Copy, ("wallRatioToNone", comparison.WallRatio(name, "link-none")));
        }
    }
}
