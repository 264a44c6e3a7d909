namespace GroupExport.Files;

/// <summary>Whether the disk can take what is to come.</summary>
internal static class FreeSpace
{
    /// <exception cref="ExportException">It cannot (<see cref="ExportErrorKind.NotEnoughSpace"/>).</exception>
    /// <param name="folder">Where the files are to lie.</param>
    /// <param name="files">The size of each, and where it is fetched to: what lies there of an earlier attempt is gone on with or makes room.</param>
    public static void Require(string folder, IEnumerable<(long Bytes, string Part)> files)
    {
        // Sizes are the server's words, and no sum of them is too large for a decimal.
        decimal bytes = files.Sum(file => (decimal)Math.Max(0, file.Bytes - PartFile.LengthOf(file.Part)));
        if (Available(folder) is { } available && bytes > available)
        {
            throw new ExportException(
                ExportErrorKind.NotEnoughSpace,
                $"The files need {bytes / 1_000_000:N0} MB by the manifest, and the disk of {folder} has {available / 1e6:N0} MB left. Nothing was fetched: free the disk, or save to another one; the receipt keeps the job.")
            {
                Subject = folder,
            };
        }
    }

    /// <summary>Null where nobody can tell, as on some network shares.</summary>
    private static long? Available(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
