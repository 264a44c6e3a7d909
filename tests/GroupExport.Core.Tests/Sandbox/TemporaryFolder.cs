using System.IO.Compression;
using System.Text;

namespace GroupExport.Tests.Sandbox;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("groupexport-sandbox-").FullName;

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes)
    {
        using var file = File.Create(System.IO.Path.Combine(Path, name));
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            file.Write(bytes);
            return;
        }

        using var gzip = new GZipStream(file, CompressionMode.Compress);
        gzip.Write(bytes);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
