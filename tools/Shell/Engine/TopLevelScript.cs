using System.Management.Automation.Language;

namespace GroupExport.Shell.Engine;

/// <summary>
/// The text that the engine runs. It passes on by <c>exit</c> what pwsh reads from the engine's inside: the engine tells a host
/// of an exit in the outermost text only, and $? is true again when that text is over.
/// </summary>
internal static class TopLevelScript
{
    /// <summary>
    /// Through $args, because it keeps names of parameters apart from values. A script that said <c>exit</c> leaves its number
    /// and a failed call, one that does not parse or bind a failed call only, a native command that failed within it a number only.
    /// </summary>
    public static string OfFile(string path) => $$"""
        . '{{CodeGeneration.EscapeSingleQuotedStringContent(path)}}' @args
        if (-not $?) { exit $global:LASTEXITCODE ?? {{ExitCodes.Failure}} }
        """;

    public static string OfText(string text, ScriptBlockAst parsed)
    {
        bool canBeContinued = parsed.EndBlock is { Unnamed: true };
        return canBeContinued ? $"{text}\nif (-not $?) {{ exit {ExitCodes.Failure} }}" : text;
    }
}
