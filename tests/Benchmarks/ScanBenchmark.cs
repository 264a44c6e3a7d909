using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GroupExport.Ndjson;

namespace GroupExport.Benchmarks;

/// <summary>What a pass over a file costs beside its hash: the processor's seconds per gigabyte, in chunks as they come from the network.</summary>
internal static class ScanBenchmark
{
    private const int ChunkBytes = 128 * 1024;
    private const int TurnBytes = 400_000_000;
    private const int Turns = 5;

    private static readonly Dictionary<string, Action<byte[]>> s_passes = new()
    {
        ["sha256"] = Hash,
        ["reader"] = Read,
        ["scan"] = file => Scan(new NdjsonScan(null, false, 64 << 20), file),
        ["count"] = file => Scan(new LineCount(64 << 20), file),
    };

    public static void Run()
    {
        List<byte[]> files = RealFiles();
        Measure(files.Count > 0 ? "scan-real" : "scan-made-up", files.Count > 0 ? files : [MadeUp("Müller")]);
        Measure("scan-no-ascii", [MadeUp("東京都千代田区丸の内一丁目")]);
    }

    private static void Measure(string name, List<byte[]> files)
    {
        double bytes = files.Sum(file => (double)file.Length);
        int rounds = (int)(TurnBytes / bytes) + 1;
        Dictionary<string, List<double>> seconds = s_passes.Keys.ToDictionary(pass => pass, _ => new List<double>());

        // In turns, so that what else the machine does falls on all of them; the first turn only lets the compiler see what is hot.
        for (int turn = 0; turn <= Turns; turn++)
        {
            foreach ((string pass, Action<byte[]> run) in s_passes)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                for (int round = 0; round < rounds; round++)
                {
                    files.ForEach(run);
                }

                if (turn > 0)
                {
                    seconds[pass].Add((Environment.CpuUsage.TotalTime - before).TotalSeconds / (bytes * rounds / 1e9));
                }
            }
        }

        double reader = Measurement.Median(seconds["reader"]);
        foreach (string pass in s_passes.Keys)
        {
            double median = Measurement.Median(seconds[pass]);
            Measurement.Write($"{name}-{pass}", ("cpuSecondsPerGB", median), ("ratioToReader", median / reader));
        }
    }

    private static void Hash(byte[] file)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int at = 0; at < file.Length; at += ChunkBytes)
        {
            hash.AppendData(file.AsSpan(at, Math.Min(ChunkBytes, file.Length - at)));
        }

        hash.GetHashAndReset();
    }

    private static void Read(byte[] file)
    {
        ReadOnlySpan<byte> rest = file;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            Utf8JsonReader reader = new(end < 0 ? rest : rest[..end]);
            while (reader.Read())
            {
            }

            rest = end < 0 ? [] : rest[(end + 1)..];
        }
    }

    private static void Scan(ILineScan scan, byte[] file)
    {
        for (int at = 0; at < file.Length; at += ChunkBytes)
        {
            scan.Add(file.AsSpan(at, Math.Min(ChunkBytes, file.Length - at)));
        }

        scan.Complete();
        if (scan.FindingCount > 0)
        {
            throw new InvalidOperationException($"Line {scan.Findings[0].Line} {scan.Findings[0].What}.");
        }
    }

    /// <summary>An export of a reference server, where the machine has it beside the repository.</summary>
    private static List<byte[]> RealFiles()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !Directory.Exists(Path.Combine(folder.FullName, "shared", "data", "synthea-group")))
        {
            folder = folder.Parent;
        }

        return folder is null ? [] : [.. Directory.GetFiles(Path.Combine(folder.FullName, "shared", "data", "synthea-group"), "*.gz").Order().Select(Unpacked)];
    }

    private static byte[] Unpacked(string path)
    {
        using GZipStream packed = new(File.OpenRead(path), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] MadeUp(string text)
    {
        StringBuilder lines = new();
        for (int i = 0; i < 10_000; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $$$"""
                {"resourceType":"Observation","id":"obs-{{{i}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7","display":"{{{text}}}"}],"text":"{{{text}}} \"{{{i}}}\""},"subject":{"reference":"Patient/{{{i % 97}}}"},"effectiveDateTime":"2026-11-{{{1 + (i % 28):00}}}T08:00:00+01:00","valueQuantity":{"value":{{{i}}}.25,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"},"interpretation":[{"text":"{{{text}}}"}]}
                """).Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }
}
