using System.IO.Compression;
using System.Security.Cryptography;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Jobs;

/// <summary>An output file of a job. Its representations are made when first asked for and then kept.</summary>
internal sealed class ExportFile
{
    private readonly Lazy<FileRepresentation> _identity;
    private readonly Lazy<FileRepresentation> _gzip;

    public ExportFile(string name, string resourceType, ByteSegments bytes, int count)
    {
        Name = name;
        ResourceType = resourceType;
        Count = count;
        _identity = new(() => new FileRepresentation(bytes, ETag(bytes), null));
        _gzip = new(() => Compress(bytes));
    }

    public string Name { get; }

    public string ResourceType { get; }

    /// <summary>Number of resources.</summary>
    public int Count { get; }

    public FileRepresentation Identity => _identity.Value;

    public FileRepresentation Gzip => _gzip.Value;

    private static FileRepresentation Compress(ByteSegments bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var segment in bytes.All)
            {
                gzip.Write(segment.Span);
            }
        }

        var result = new ByteSegments(compressed.GetBuffer().AsMemory(0, (int)compressed.Length));
        return new FileRepresentation(result, ETag(result), "gzip");
    }

    private static string ETag(ByteSegments bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in bytes.All)
        {
            hash.AppendData(segment.Span);
        }

        return $"\"{Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 16))}\"";
    }
}
