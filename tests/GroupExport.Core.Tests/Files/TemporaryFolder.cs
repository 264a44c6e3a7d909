namespace GroupExport.Tests.Files;

/// <summary>A path for a test to save to; what was made there goes away with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _root = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "group-export-" + Guid.NewGuid().ToString("N"));

    /// <summary>Does not exist yet.</summary>
    public string Path => System.IO.Path.Combine(_root, "out");

    public string File(string name) => System.IO.Path.Combine(Path, name.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>The names of all files, with forward slashes, in order.</summary>
    public IReadOnlyList<string> Names => [.. Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories)
        .Select(file => System.IO.Path.GetRelativePath(Path, file).Replace(System.IO.Path.DirectorySeparatorChar, '/'))
        .Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }
}
