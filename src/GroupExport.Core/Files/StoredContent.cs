using System.IO.Compression;

namespace GroupExport.Files;

/// <summary>The content of a saved file, whether it lies on disk as it is or as gzip.</summary>
internal static class StoredContent
{
    /// <summary>Opens it to be read from start to end.</summary>
    public static Stream Open(string path, bool isCompressed)
    {
        FileStream stored = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        return isCompressed ? new GZipStream(stored, CompressionMode.Decompress) : stored;
    }
}
