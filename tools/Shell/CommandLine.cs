namespace GroupExport.Shell;

/// <summary>What to run: a script file with its arguments (as source), or a text.</summary>
internal sealed record CommandLine(string? ScriptPath, string Arguments, string? Text)
{
    public const string Usage = """
        Runs PowerShell with the GroupExport module, on machines without pwsh.

          dotnet run --project tools/Shell -- <script.ps1> [arguments]
          dotnet run --project tools/Shell -- -File <script.ps1> [arguments]
          dotnet run --project tools/Shell -- -Command <text>

        Only the core cmdlets and those of the module are there; nothing ever prompts.
        """;

    /// <returns>Null when there is nothing to run.</returns>
    public static CommandLine? Parse(string[] args)
    {
        if (args.Length == 0)
        {
            return null;
        }

        if (Is(args[0], "-Command", "-c"))
        {
            return args.Length > 1 ? new CommandLine(null, "", string.Join(' ', args[1..])) : null;
        }

        string[] file = Is(args[0], "-File", "-f") ? args[1..] : args;
        if (file.Length == 0 || file[0].StartsWith('-'))
        {
            return null;
        }

        return new CommandLine(Path.GetFullPath(file[0]), ScriptArguments.ToSource(file[1..]), null);
    }

    private static bool Is(string arg, string name, string shortName) =>
        arg.Equals(name, StringComparison.OrdinalIgnoreCase) || arg.Equals(shortName, StringComparison.OrdinalIgnoreCase);
}
