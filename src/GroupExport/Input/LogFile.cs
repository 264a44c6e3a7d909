using System.Management.Automation;

namespace GroupExport.Input;

/// <summary>Reads <c>-LogPath</c>.</summary>
internal static class LogFile
{
    /// <summary>The full path.</summary>
    /// <exception cref="ExportException">It is empty, or no path of the file system.</exception>
    public static string Resolve(PSCmdlet cmdlet, string given) => string.IsNullOrWhiteSpace(given)
        ? throw new ExportException(ExportErrorKind.InvalidParameter, "-LogPath is given but empty. Name a file, or leave the parameter out. Nothing was sent.") { Subject = nameof(Work.LoggedCmdlet.LogPath) }
        : FolderPath.ResolveAny(cmdlet, given);
}
