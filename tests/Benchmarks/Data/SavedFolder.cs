namespace GroupExport.Benchmarks.Data;

/// <summary>Compares what was saved with what is served.</summary>
internal static class SavedFolder
{
    /// <summary>The first thing that is not as it should be, or null: another byte, another length, a missing file, or something left over.</summary>
    public static string? FindDifference(string folder, ExportSet set)
    {
        HashSet<string> expected = [.. set.Files.Select(file => file.Name)];
        string? stranger = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path))
            .FirstOrDefault(name => !expected.Contains(name) && !IsOfTheModule(name));
        return stranger is not null
            ? $"{stranger} is left over"
            : set.Files.Where(file => !AreSame(Path.Combine(folder, file.Name), set.PathOf(file))).Select(file => $"{file.Name} differs").FirstOrDefault();
    }

    /// <summary>The receipt, its journal, the lock and the copy of the manifest.</summary>
    private static bool IsOfTheModule(string name) => name.StartsWith("export.", StringComparison.Ordinal) || name.StartsWith(".export.", StringComparison.Ordinal) || name.StartsWith("manifest.", StringComparison.Ordinal);

    private static bool AreSame(string saved, string original)
    {
        if (!File.Exists(saved))
        {
            return false;
        }

        using FileStream left = File.OpenRead(saved);
        using FileStream right = File.OpenRead(original);
        byte[] leftBytes = new byte[128 * 1024];
        byte[] rightBytes = new byte[128 * 1024];
        while (true)
        {
            int read = left.ReadAtLeast(leftBytes, leftBytes.Length, throwOnEndOfStream: false);
            int other = right.ReadAtLeast(rightBytes, rightBytes.Length, throwOnEndOfStream: false);
            if (!leftBytes.AsSpan(0, read).SequenceEqual(rightBytes.AsSpan(0, other)))
            {
                return false;
            }

            if (read == 0)
            {
                return true;
            }
        }
    }
}
