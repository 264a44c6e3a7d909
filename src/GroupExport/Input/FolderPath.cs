using System.Management.Automation;

namespace GroupExport.Input;

/// <summary>Reads a path as a folder of the file system, relative to PowerShell's own location.</summary>
internal static class FolderPath
{
    /// <exception cref="ExportException">The path is of another provider, malformed, or names a file.</exception>
    public static string Resolve(PSCmdlet cmdlet, string path)
    {
        string full = ResolveAny(cmdlet, path);
        return File.Exists(full) ? throw Invalid(path, "is a file") : full;
    }

    /// <summary>The same for a path that may name a file.</summary>
    /// <exception cref="ExportException">The path is of another provider, or malformed.</exception>
    public static string ResolveAny(PSCmdlet cmdlet, string path)
    {
        if (path.Contains('\0'))
        {
            throw Invalid(path.Replace('\0', '?'), "cannot be resolved");
        }

        string full;
        try
        {
            full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (provider.Name != "FileSystem")
            {
                throw Invalid(path, $"belongs to the provider {provider.Name}");
            }
        }
        catch (Exception fault) when (fault is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException or PSArgumentException or NotSupportedException)
        {
            throw Invalid(path, "cannot be resolved");
        }

        return Path.TrimEndingDirectorySeparator(full);
    }

    /// <summary>The path that a text is, where something is there; null for any other text.</summary>
    /// <param name="cmdlet">Whose location relative paths start from.</param>
    /// <param name="text">What may be a path.</param>
    /// <param name="isThere">Whether what is meant stands at a full path.</param>
    public static string? Known(PSCmdlet cmdlet, string text, Func<string, bool> isThere)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            string path = ResolveAny(cmdlet, text);
            return isThere(path) ? path : null;
        }
        catch (ExportException)
        {
            return null;
        }
    }

    private static ExportException Invalid(string path, string why) =>
        new(ExportErrorKind.InvalidPath, $"The path '{path}' {why}. Name a folder of the file system.") { Subject = path };
}
