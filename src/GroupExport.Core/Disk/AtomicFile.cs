namespace GroupExport.Disk;

/// <summary>Replaces a file in one step, so that whoever reads it, and whoever comes after a power cut, finds the old content or the new.</summary>
internal static class AtomicFile
{
    /// <summary>What a killed process left of an earlier write is removed, and so is a link or a pipe of that name: nothing is written through one.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".part";
        File.Delete(temporary);
        using (FileStream stream = PrivateFiles.OpenAlone(temporary, FileMode.CreateNew, FileShare.None))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DurableFolder.Flush(Path.GetDirectoryName(path)!);
    }
}
