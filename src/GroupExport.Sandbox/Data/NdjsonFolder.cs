namespace GroupExport.Sandbox.Data;

/// <summary>Reads the data of a folder: NDJSON files as an export saves them, plain or gzip.</summary>
internal static class NdjsonFolder
{
    /// <summary>Reads every <c>*.ndjson</c> and <c>*.ndjson.gz</c> of a folder.</summary>
    /// <exception cref="SandboxException">The folder or a file of it cannot be used.</exception>
    public static ExportData Read(string path, string groupId)
    {
        var names = FileNames(path);
        var patients = new PatientDirectory();
        var files = new List<ResourceFile>(names.Count);
        foreach (var name in names)
        {
            files.AddRange(NdjsonFileReader.Read(name, patients) is { } file ? [file] : []);
        }

        if (files.Count == 0)
        {
            throw new SandboxException($"The files in '{path}' hold no resources: DataPath needs NDJSON files with at least one line.");
        }

        var everyone = new PatientGroup(groupId, "All patients of the data", patients.All(), holdsEveryone: true);
        return new ExportData(files, patients, [everyone]);
    }

    private static List<string> FileNames(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new SandboxException("DataPath is empty: name a folder with *.ndjson or *.ndjson.gz files.");
        }

        if (!Directory.Exists(path))
        {
            throw new SandboxException(File.Exists(path)
                ? $"DataPath '{path}' is a file: name the folder that holds it."
                : $"DataPath '{path}' does not exist: name a folder with *.ndjson or *.ndjson.gz files.");
        }

        List<string> names;
        try
        {
            names = [.. Directory.EnumerateFiles(path).Where(IsNdjson).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException($"DataPath '{path}' cannot be read: {exception.Message}", exception);
        }

        return names.Count > 0
            ? names
            : throw new SandboxException($"DataPath '{path}' holds no *.ndjson or *.ndjson.gz files.");
    }

    private static bool IsNdjson(string name) =>
        name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".ndjson.gz", StringComparison.OrdinalIgnoreCase);
}
