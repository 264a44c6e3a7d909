using System.Diagnostics;

namespace GroupExport.Benchmarks.Data;

/// <summary>A folder of this run for all that it makes and saves. It goes with the run, however that ends: another process deletes it.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly Process _sweeper;
    private int _runs;

    public WorkFolder(BenchmarkOptions options)
    {
        FullPath = options.DataPath is { } parent
            ? Directory.CreateDirectory(Path.Combine(parent, $"groupexport-bench-{Guid.NewGuid():N}")).FullName
            : Directory.CreateTempSubdirectory("groupexport-bench-").FullName;
        _sweeper = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Sweeper.Verb, FullPath]) { RedirectStandardInput = true })!;
    }

    public string FullPath { get; }

    /// <summary>The folder that the server serves from: a folder below it is an export.</summary>
    public string Served => Path.Combine(FullPath, "served");

    /// <summary>A path that was not used before; nothing is there yet.</summary>
    public string NextRun() => Path.Combine(FullPath, $"run-{++_runs}");

    /// <summary>Writes a script for a PowerShell of its own.</summary>
    /// <returns>Its path.</returns>
    public string WriteScript(string text)
    {
        string path = Path.Combine(FullPath, $"{Guid.NewGuid():N}.ps1");
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _sweeper.StandardInput.Close();
        _sweeper.WaitForExit();
        _sweeper.Dispose();
    }
}
