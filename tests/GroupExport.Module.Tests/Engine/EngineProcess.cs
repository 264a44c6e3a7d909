using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace GroupExport.ModuleTests.Engine;

/// <summary>A fresh process with the PowerShell engine and the staged module, run by tools/Shell.</summary>
internal sealed class EngineProcess : IDisposable
{
    private const int InterruptSignal = 2;

    /// <summary>Only so that a process that hangs fails its test: none comes near it, however slow the machine.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly SemaphoreSlim _news = new(0);

    private EngineProcess(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(BuildFacts.EngineProgram);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        _process.StandardInput.Close();
        _output = ReadOutputAsync();
        _errors = _process.StandardError.ReadToEndAsync();
    }

        /// <summary>Runs a script text to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit (ten minutes by default) and was killed.</exception>
    public static async Task<EngineResult> RunAsync(string script, TimeSpan? limit = null)
    {
        using EngineProcess process = Start(script);
        return await process.ResultAsync(limit);
    }

    /// <summary>Runs a script file with arguments to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within ten minutes and was killed.</exception>
    public static async Task<EngineResult> RunFileAsync(string path, params string[] arguments)
    {
        using EngineProcess process = new(["-File", path, .. arguments]);
        return await process.ResultAsync();
    }

    /// <summary>Runs the program with any arguments to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within ten minutes and was killed.</exception>
    public static async Task<EngineResult> RunProgramAsync(params string[] arguments)
    {
        using EngineProcess process = new(arguments);
        return await process.ResultAsync();
    }

    /// <summary>Starts a script text; the handle kills what is left of it when it is disposed.</summary>
    public static EngineProcess Start(string script) => new(["-Command", script]);

    /// <summary>Waits until a line of stdout contains the text, and returns that line. Each line is seen once.</summary>
    /// <exception cref="InvalidOperationException">The output ended without it.</exception>
    public async Task<string> WaitForOutputAsync(string text, TimeSpan? limit = null)
    {
        using CancellationTokenSource patience = new(limit ?? s_limit);
        while (true)
        {
            await _news.WaitAsync(patience.Token);
            if (!_seen.TryDequeue(out string? line))
            {
                throw new InvalidOperationException(
                    $"The output ended without '{text}':\n{await _output}\n{await _errors}");
            }

            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>Ctrl+C (SIGINT), and the result when the process has ended. Not on Windows.</summary>
    public Task<EngineResult> InterruptAsync(TimeSpan? limit = null)
    {
        SendInterrupt();
        return ResultAsync(limit);
    }

    /// <summary>Ctrl+C without waiting for what follows. Not on Windows.</summary>
    public void SendInterrupt()
    {
        if (SendSignal(_process.Id, InterruptSignal) != 0)
        {
            throw new InvalidOperationException($"The signal was not sent: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Ends the process and its children at once, as a power failure would.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Waits for the end of the process.</summary>
    /// <exception cref="TimeoutException">It did not end within the limit (ten minutes by default) and was killed.</exception>
    public async Task<EngineResult> ResultAsync(TimeSpan? limit = null)
    {
        using CancellationTokenSource patience = new(limit ?? s_limit);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw new TimeoutException($"The engine did not end by itself:\n{await _output}\n{await _errors}");
        }

        return new EngineResult(_process.ExitCode, await _output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private async Task<string> ReadOutputAsync()
    {
        StringBuilder output = new();
        while (await _process.StandardOutput.ReadLineAsync() is string line)
        {
            output.Append(line).Append('\n');
            _seen.Enqueue(line);
            _news.Release();
        }

        // Wakes who waits for a line that never came.
        _news.Release();
        return output.ToString();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int processId, int signal);
}
