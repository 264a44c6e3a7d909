using System.Diagnostics;
using System.Text;

namespace GroupExport.ModuleTests.Engine;

/// <summary>A fresh process of the real PowerShell, for what shows only there: how the module loads, and what several processes do at once.</summary>
internal static class FreshPowerShell
{
    /// <summary>Only so that a process that hangs fails its test: none comes near it, however slow the machine.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs a script text to its end.</summary>
    /// <exception cref="TimeoutException">It did not end within ten minutes and was killed.</exception>
    public static async Task<ShellResult> RunAsync(string script)
    {
        ProcessStartInfo start = new("dotnet", [BuildFacts.PowerShell, "-NoProfile", "-NonInteractive", "-Command", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("No process was started.");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(s_limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"PowerShell did not end by itself:\n{await output}\n{await errors}");
        }

        return new ShellResult(process.ExitCode, await output, await errors);
    }
}
