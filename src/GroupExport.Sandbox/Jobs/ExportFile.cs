using System.IO.Compression;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Jobs;

/// <summary>An output file of a job. Its representations are made when first asked for and then kept.</summary>
internal sealed class ExportFile
{
    private readonly Lazy<FileRepresentation> _identity;
    private readonly Lazy<FileRepresentation> _gzip;

    public ExportFile(string name, string? resourceType, ByteSegments bytes, int count)
    {
        Name = name;
        ResourceType = resourceType;
        Count = count;
        Length = bytes.Length;
        _identity = new(() => FileRepresentation.Of(bytes, null));
        _gzip = new(() => FileRepresentation.Of(Compress(bytes), "gzip"));
    }

    public string Name { get; }

    /// <summary>Null for a file of blocks, in which types are mixed.</summary>
    public string? ResourceType { get; }

    /// <summary>Number of resources; header lines of blocks are none.</summary>
    public int Count { get; }

    /// <summary>Bytes without compression.</summary>
    public long Length { get; }

    /// <summary>The name of the file that goes on with this one's last block; null when it ends here.</summary>
    public string? ContinuesIn { get; init; }

    /// <summary>How many issues of each severity a file of OperationOutcomes holds.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Severities { get; init; } = [];

    public FileRepresentation Identity => _identity.Value;

    public FileRepresentation Gzip => _gzip.Value;

    /// <summary>A file of the same name that holds other bytes.</summary>
    public ExportFile With(ByteSegments bytes) => new(Name, ResourceType, bytes, Count) { ContinuesIn = ContinuesIn, Severities = Severities };

    private static ByteSegments Compress(ByteSegments bytes)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var segment in bytes.All)
            {
                gzip.Write(segment.Span);
            }
        }

        return new ByteSegments(compressed.GetBuffer().AsMemory(0, (int)compressed.Length));
    }
}
