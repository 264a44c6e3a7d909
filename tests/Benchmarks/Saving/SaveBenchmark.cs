using System.Security.Cryptography;
using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>Save-ExportFiles beside a bare copy of the same files in the same run.</summary>
internal static class SaveBenchmark
{
    private const string Copy = "copy";
    private const string CopyFlushed = "copy-flushed";
    private const string CopyGzip = "copy-gzip";
    private const string Hash = "sha256";

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
            new(Hash, _ => HashAlone(set.Bytes)),
            .. modes.Select(mode => new Contender($"save-{mode.Name}", folder => session.Save(server.StatusOf(set, mode.Encoding), folder, mode, set.Files.Count))),
        ];
        double serverCpu = server.CpuSeconds;
        Comparison comparison = new(new InterleavedRuns(work, options.Rounds).Measure(contenders), set.Bytes);
        serverCpu = server.CpuSeconds - serverCpu;

        comparison.Write(Copy);
        comparison.WriteRatios(CopyFlushed, Copy);
        comparison.WriteRatios(CopyGzip, Copy);
        comparison.WriteRatios(Hash, Copy);
        foreach (SaveMode mode in modes)
        {
            string name = $"save-{mode.Name}";
            double peak = ClientProcess.PeakMegabytes(work, server, set, mode);
            comparison.WriteRatios(
                name,
                mode.Encoding == ServedPaths.Gzip ? CopyGzip : Copy,
                ("wallRatioToFlushed", comparison.WallRatio(name, CopyFlushed)),
                ("peakMB", peak));
        }

        Measurement.Write("server", ("cpuSecondsPerRun", serverCpu / ((options.Rounds + 1) * contenders.Length)));
    }

    /// <summary>The hash in the receipt by itself, on one core: what no way to save can be cheaper than, beside the copy.</summary>
    private static void HashAlone(long bytes)
    {
        byte[] buffer = new byte[128 * 1024];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long left = bytes; left > 0; left -= buffer.Length)
        {
            hash.AppendData(buffer);
        }

        hash.GetHashAndReset();
    }
}
