namespace GroupExport.Sandbox.Data;

/// <summary>The NDJSON of one resource type, in memory as it was read or made up; no line crosses a chunk.</summary>
internal sealed class ResourceFile(string resourceType, ReadOnlyMemory<byte>[] chunks, ResourceLine[] lines)
{
    public string ResourceType { get; } = resourceType;

    public ReadOnlyMemory<byte>[] Chunks { get; } = chunks;

    public ResourceLine[] Lines { get; } = lines;

    public ReadOnlyMemory<byte> Bytes(in ResourceLine line) => Chunks[line.Chunk].Slice(line.Offset, line.Length);
}
