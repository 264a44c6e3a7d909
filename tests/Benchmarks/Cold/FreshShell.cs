using System.Diagnostics;
using GroupExport.Benchmarks.Resources;

namespace GroupExport.Benchmarks.Cold;

/// <summary>Starts fresh processes of a real PowerShell, without the launcher that a .NET tool puts before it.</summary>
internal sealed class FreshShell
{
    private readonly string _program;
    private readonly string[] _before;

    private FreshShell(string home)
    {
        string program = Path.Combine(home, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        (_program, _before) = File.Exists(program) ? (program, Array.Empty<string>()) : ("dotnet", [Path.Combine(home, "pwsh.dll")]);
    }

    /// <summary>Returns the PowerShell that was named, that of the PATH or that of the repository's .config/dotnet-tools.json; null if there is none.</summary>
    public static FreshShell? Find(BenchmarkOptions options)
    {
        string? found = Pwsh.Find(options);
        ProcessStartInfo start = found is null ? new("dotnet", ["tool", "run", "pwsh", "--"]) : new(found);
        foreach (string argument in new[] { "-NoProfile", "-NonInteractive", "-Command", "$PSHOME" })
        {
            start.ArgumentList.Add(argument);
        }

        start.WorkingDirectory = Measurement.BuildFact("RepositoryRoot");
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string home = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        _ = errors.Result;
        return process.ExitCode == 0 && Directory.Exists(home) ? new FreshShell(home) : null;
    }

    /// <summary>Runs a script in a process of its own.</summary>
    /// <returns>Seconds of the clock and of the processor, of the whole process.</returns>
    public (double Wall, double Cpu) Run(string script, params string[] arguments)
    {
        ProcessStartInfo start = new(_program, [.. _before, "-NoProfile", "-NonInteractive", "-File", script, .. arguments]);
        start.Environment["NO_COLOR"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        start.Environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
        return ChildUsage.Run(start);
    }
}
