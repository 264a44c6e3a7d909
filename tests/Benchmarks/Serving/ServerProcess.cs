using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GroupExport.Benchmarks.Data;

namespace GroupExport.Benchmarks.Serving;

/// <summary>A server in another process. It goes when this one does.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process)
    {
        _process = process;
        Origin = new Uri($"http://127.0.0.1:{process.StandardOutput.ReadLine()}");
        FhirBase = new Uri(Origin, "/r4");
    }

    public Uri Origin { get; }

    public Uri FhirBase { get; }

    /// <param name="work">Where the exports are.</param>
    /// <param name="bytesPerSecond">The most that all connections get together; 0 for no limit.</param>
    public static ServerProcess Start(WorkFolder work, long bytesPerSecond = 0)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [StaticServer.Verb, work.Served, bytesPerSecond.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new ServerProcess(Process.Start(start)!);
    }

    public Uri StatusOf(ExportSet set, string encoding = ServedPaths.Identity) => new(Origin, ServedPaths.StatusPath(set, encoding));

    public Uri FileOf(ExportSet set, ExportSetFile file, string encoding = ServedPaths.Identity) => new(Origin, ServedPaths.FilePath(set, encoding, file));

    public Sent ReadCounters()
    {
        using HttpClient client = new();
        return JsonSerializer.Deserialize<Sent>(client.GetByteArrayAsync(new Uri(Origin, "/counters")).GetAwaiter().GetResult())!;
    }

    /// <summary>The processor time of the server so far, in seconds.</summary>
    public double CpuSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
