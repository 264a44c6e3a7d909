using System.Collections.ObjectModel;
using System.Management.Automation;
using GroupExport.Import;

namespace GroupExport.Input;

/// <summary>Reads a path of files and folders that may have wildcards. One that is there as it is written is taken as it is: folders may be called <c>run[1]</c>.</summary>
internal static class WildcardPath
{
    /// <returns>Full paths, sorted; of what wildcards brought only what can be files of exports, or folders with a receipt.</returns>
    /// <exception cref="ExportException">The path is of another provider or malformed, or its wildcards bring nothing.</exception>
    public static string[] Resolve(PSCmdlet cmdlet, string path)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(path))
        {
            return [FolderPath.ResolveAny(cmdlet, path)];
        }

        string literal = FolderPath.ResolveAny(cmdlet, path);
        if (Path.Exists(literal))
        {
            return [literal];
        }

        string[] found = [.. Expand(cmdlet, path).Where(ImportSource.LooksLikeOne).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new ExportException(
            ExportErrorKind.ReceiptNotFound,
            $"Nothing that '{path}' matches is a .ndjson or .ndjson.gz file or a folder that Save-ExportFiles wrote to.")
        {
            Subject = path,
        };
    }

    private static Collection<string> Expand(PSCmdlet cmdlet, string path)
    {
        try
        {
            return cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException)
        {
            return [];
        }
    }
}
