using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>A process that saves one export.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;

    private ClientProcess(Process process) => _process = process;

    public static ClientProcess Start(ServerProcess server, ExportSet set, SaveMode mode, string folder)
    {
        string[] args = [ClientProgram.Verb, server.FhirBase.AbsoluteUri, server.StatusOf(set, mode.Encoding).AbsoluteUri, folder, JsonSerializer.Serialize(mode), set.Files.Count.ToString(CultureInfo.InvariantCulture)];
        return new ClientProcess(Process.Start(new ProcessStartInfo(Environment.ProcessPath!, args) { RedirectStandardOutput = true })!);
    }

    /// <summary>The most memory that a process of its own had while it saved an export, in MB (10^6 bytes).</summary>
    public static double PeakMegabytes(WorkFolder work, ServerProcess server, ExportSet set, SaveMode mode)
    {
        string folder = work.NextRun();
        using ClientProcess client = Start(server, set, mode, folder);
        double peak = client.Finish().PeakMB;
        Directory.Delete(folder, recursive: true);
        return peak;
    }

    /// <summary>Waits until the module is loaded and saving begins.</summary>
    public void WaitUntilSaving()
    {
        if (_process.StandardOutput.ReadLine() != ClientProgram.Begins)
        {
            throw new InvalidOperationException("The client process ended before it began to save.");
        }
    }

    /// <summary>Ends the process at once, as a power failure or the system would (SIGKILL), unless it is at its end already.</summary>
    /// <returns>Whether it was still running.</returns>
    public bool Kill()
    {
        bool running = !_process.HasExited;
        _process.Kill();
        _process.WaitForExit();
        return running;
    }

    /// <summary>Waits for the end.</summary>
    /// <exception cref="InvalidOperationException">Not all was saved.</exception>
    public ClientReport Finish() => TryFinish() ?? throw new InvalidOperationException("The client process did not save all.");

    /// <summary>Waits for the end; null when not all was saved, which standard error tells more of.</summary>
    public ClientReport? TryFinish()
    {
        string output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return _process.ExitCode == 0 ? JsonSerializer.Deserialize<ClientReport>(output.Trim().Split('\n')[^1]) : null;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
