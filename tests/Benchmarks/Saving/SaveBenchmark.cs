using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>Save-ExportFiles beside a bare copy of the same files in the same run.</summary>
internal static class SaveBenchmark
{
    private const string Copy = "copy";
    private const string CopyFlushed = "copy-flushed";
    private const string CopyGzip = "copy-gzip";

    public static void Run(BenchmarkOptions options)
    {
        using WorkFolder work = new(options);
        ExportSet set = new ExportSets(work, options).Repeated("bulk", options.Megabytes, gzip: true);
        using ServerProcess server = ServerProcess.Start(work);
        using ModuleSession session = new(server.FhirBase);
        SaveMode[] modes = session.Supported([.. SaveMode.Identity, .. SaveMode.Gzip]);
        using BareCopy copy = new(flush: false);
        using BareCopy flushed = new(flush: true);
        using BareCopy unpacked = new(flush: false, decompress: true);
        Contender[] contenders =
        [
            new(Copy, folder => copy.Run(server, set, folder)),
            new(CopyFlushed, folder => flushed.Run(server, set, folder)),
            new(CopyGzip, folder => unpacked.Run(server, set, folder)),
            .. modes.Select(mode => new Contender($"save-{mode.Name}", folder => session.Save(server.StatusOf(set, mode.Encoding), folder, mode, set.Files.Count))),
        ];
        double serverCpu = server.CpuSeconds;
        Comparison comparison = new(new InterleavedRuns(work, options.Rounds).Measure(contenders), set.Bytes);
        serverCpu = server.CpuSeconds - serverCpu;

        comparison.Write(Copy);
        comparison.Write(CopyFlushed, Copy);
        comparison.Write(CopyGzip, Copy);
        foreach (SaveMode mode in modes)
        {
            string name = $"save-{mode.Name}";
            double peak = ClientProcess.PeakMegabytes(work, server, set, mode);
            comparison.Write(
                name,
                mode.Encoding == ServedPaths.Gzip ? CopyGzip : Copy,
                ("wallRatioToFlushed", comparison.WallRatio(name, CopyFlushed)),
                ("peakMB", peak));
        }

        Measurement.Write("server", ("cpuSecondsPerRun", serverCpu / ((options.Rounds + 1) * contenders.Length)));
    }
}
