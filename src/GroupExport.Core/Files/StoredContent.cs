using GroupExport.Disk;

namespace GroupExport.Files;

/// <summary>The content of a saved file, whether it lies on disk as it is or as gzip.</summary>
internal static class StoredContent
{
    /// <summary>Opens it so that damaged or cut gzip shows itself as a <see cref="GzipFault"/>.</summary>
    public static Stream OpenChecked(string path, bool isCompressed)
    {
        FileStream stored = OpenStored(path);
        return isCompressed ? new GzipBody(stored) : stored;
    }

    private static FileStream OpenStored(string path) => OrdinaryFile.IsPipe(path)
        ? throw new IOException("it is a pipe and no file")
        : new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
}
