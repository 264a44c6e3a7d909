namespace GroupExport.ModuleTests.Engine;

/// <summary>What a process left: its exit code and all that it wrote to stdout and stderr.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Errors)
{
    public IReadOnlyList<string> OutputLines =>
        Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
