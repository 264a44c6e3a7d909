using System.Management.Automation.Language;

namespace GroupExport.Shell.Engine;

/// <summary>
/// The text that the engine runs. It passes on by <c>exit</c> what pwsh reads from the engine's inside: the engine tells a host
/// of an exit in the outermost text only, and $? is true again when that text is over.
/// </summary>
internal static class TopLevelScript
{
    /// <summary>
    /// A script that said <c>exit</c> leaves its number and a failed call, a native command that failed within it a number only.
    /// A script that does not parse, bind or meet its #requires leaves an error of the engine, and one that wrote errors its own.
    /// </summary>
    public static string OfFile(string path, string arguments) => $$"""
        . '{{CodeGeneration.EscapeSingleQuotedStringContent(path)}}'{{arguments}}
        if (-not $?) { exit $global:LASTEXITCODE ?? [int]($global:Error[0].Exception -is [Management.Automation.RuntimeException]) }
        """;

    public static string OfText(string text, ScriptBlockAst parsed)
    {
        bool canBeContinued = parsed.EndBlock is { Unnamed: true };
        return canBeContinued ? $"{text}\nif (-not $?) {{ exit {ExitCodes.Failure} }}" : text;
    }
}
