using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>What a path names to be checked: a folder, or one file of a folder.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">The file's name in it, with forward slashes; null for the folder as a whole.</param>
internal sealed record CheckTarget(string Folder, string? Name)
{
    /// <summary>Takes a path for a file's only where a receipt lies beside or above it, so that a file that is gone is still known by its path.</summary>
    public static CheckTarget Of(string path)
    {
        string? parent = Path.GetDirectoryName(path);
        if (parent is null || Directory.Exists(path))
        {
            return new CheckTarget(path, null);
        }

        string name = Path.GetFileName(path);
        if (HasReceipt(parent))
        {
            return new CheckTarget(parent, StrayFiles.IsOwn(name) ? null : name);
        }

        return Path.GetFileName(parent) is ExportFile.Deleted or ExportFile.Error && Path.GetDirectoryName(parent) is { } above && HasReceipt(above)
            ? new CheckTarget(above, $"{Path.GetFileName(parent)}/{name}")
            : new CheckTarget(path, null);
    }

    private static bool HasReceipt(string folder) => File.Exists(Path.Combine(folder, ReceiptStore.ReceiptName));
}
