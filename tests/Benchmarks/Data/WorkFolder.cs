using System.Runtime.InteropServices;

namespace GroupExport.Benchmarks.Data;

/// <summary>A folder of this run for all that it makes and saves; it goes with the run, also when that is interrupted.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _runs;

    public WorkFolder(BenchmarkOptions options)
    {
        FullPath = options.DataPath is { } parent
            ? Directory.CreateDirectory(Path.Combine(parent, $"groupexport-bench-{Guid.NewGuid():N}")).FullName
            : Directory.CreateTempSubdirectory("groupexport-bench-").FullName;
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
    }

    public string FullPath { get; }

    /// <summary>The folder that the server serves from: a folder below it is an export.</summary>
    public string Served => Path.Combine(FullPath, "served");

    /// <summary>A path that was not used before; nothing is there yet.</summary>
    public string NextRun() => Path.Combine(FullPath, $"run-{++_runs}");

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        Delete(FullPath);
    }

    /// <summary>Deletes a folder, also one that somebody still writes to.</summary>
    public static void Delete(string folder)
    {
        for (int left = 20; Directory.Exists(folder); left--)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (left > 0)
            {
                Thread.Sleep(100);
            }
        }
    }

    private void Stop(PosixSignalContext context)
    {
        Delete(FullPath);
        Environment.Exit(128 + (context.Signal == PosixSignal.SIGINT ? 2 : 15));
    }
}
