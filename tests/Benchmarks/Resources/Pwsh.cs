using System.Diagnostics;

namespace GroupExport.Benchmarks.Resources;

/// <summary>A real PowerShell, where there is one.</summary>
internal static class Pwsh
{
    /// <summary>The program that was named, or the one of the PATH; null when there is none.</summary>
    public static string? Find(BenchmarkOptions options)
    {
        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        return options.Pwsh ?? (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Runs a script in a process of its own.</summary>
    /// <returns>The lines that it wrote.</returns>
    public static string[] Run(string program, string script, params string[] arguments)
    {
        ProcessStartInfo start = new(program, ["-NoProfile", "-NonInteractive", "-File", script, .. arguments]) { RedirectStandardOutput = true };
        start.Environment["NO_COLOR"] = "1";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : throw new InvalidOperationException(output);
    }
}
