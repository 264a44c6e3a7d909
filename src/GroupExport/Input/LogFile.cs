using System.Management.Automation;

namespace GroupExport.Input;

/// <summary>Reads <c>-LogPath</c>.</summary>
internal static class LogFile
{
    /// <summary>The full path; null where the parameter was left out. Null from a variable is an error: nobody would miss the log before it is wanted.</summary>
    /// <exception cref="ExportException">It is empty, or no path of the file system.</exception>
    public static string? Resolve(PSCmdlet cmdlet, string? given) => given switch
    {
        null when !cmdlet.MyInvocation.BoundParameters.ContainsKey(nameof(Work.LoggedCmdlet.LogPath)) => null,
        _ when string.IsNullOrWhiteSpace(given) => throw new ExportException(ExportErrorKind.InvalidParameter, "-LogPath is given but empty. Name a file, or leave the parameter out. Nothing was sent.") { Subject = nameof(Work.LoggedCmdlet.LogPath) },
        _ => FolderPath.ResolveAny(cmdlet, given),
    };
}
