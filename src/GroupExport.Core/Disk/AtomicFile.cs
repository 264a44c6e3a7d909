namespace GroupExport.Disk;

/// <summary>Replaces a file in one step, so that whoever reads it, and whoever comes after a power cut, finds the old content or the new.</summary>
internal static class AtomicFile
{
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".part";
        using (FileStream stream = PrivateFiles.OpenAlone(temporary, FileMode.Create, FileShare.None))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DurableFolder.Flush(Path.GetDirectoryName(path)!);
    }
}
