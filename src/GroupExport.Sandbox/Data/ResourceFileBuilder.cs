namespace GroupExport.Sandbox.Data;

/// <summary>Collects NDJSON lines into growing chunks, so that large data needs neither one huge array nor an array a line.</summary>
internal sealed class ResourceFileBuilder(string resourceType)
{
    private const int FirstChunkSize = 16 * 1024;
    private const int LargestChunkSize = 4 * 1024 * 1024;

    private readonly List<ReadOnlyMemory<byte>> _chunks = [];
    private readonly List<ResourceLine> _lines = [];
    private byte[] _chunk = [];
    private int _used;

    public ResourceLine Append(ReadOnlySpan<byte> json, int patient, long lastUpdatedTicks)
    {
        var length = json.Length + 1;
        if (_chunk.Length - _used < length)
        {
            CloseChunk();
            var size = Math.Clamp(_chunk.Length * 2, FirstChunkSize, LargestChunkSize);
            _chunk = new byte[Math.Max(size, length)];
        }

        json.CopyTo(_chunk.AsSpan(_used));
        _chunk[_used + json.Length] = (byte)'\n';
        var line = new ResourceLine(_chunks.Count, _used, length, patient, lastUpdatedTicks);
        _lines.Add(line);
        _used += length;
        return line;
    }

    public ResourceFile Build()
    {
        CloseChunk();
        return new ResourceFile(resourceType, [.. _chunks], [.. _lines]);
    }

    private void CloseChunk()
    {
        if (_used > 0)
        {
            _chunks.Add(_chunk.AsMemory(0, _used));
            _used = 0;
        }
    }
}
