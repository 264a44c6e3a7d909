namespace GroupExport.Sandbox.Http;

/// <summary>Bytes that lie in several places and are sent one behind the other, so that an output file needs no copy of the data.</summary>
internal sealed class ByteSegments
{
    private readonly ReadOnlyMemory<byte>[] _segments;

    public ByteSegments(params ReadOnlyMemory<byte>[] segments)
    {
        _segments = segments;
        Length = segments.Sum(segment => (long)segment.Length);
    }

    public static ByteSegments Empty { get; } = new();

    public long Length { get; }

    public IEnumerable<ReadOnlyMemory<byte>> All => _segments;

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        var offset = 0;
        foreach (var segment in _segments)
        {
            segment.Span.CopyTo(bytes.AsSpan(offset));
            offset += segment.Length;
        }

        return bytes;
    }

    /// <summary>The parts that make up <paramref name="count"/> bytes from <paramref name="offset"/> on.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Slices(long offset, long count)
    {
        foreach (var segment in _segments)
        {
            if (count == 0)
            {
                yield break;
            }

            if (offset >= segment.Length)
            {
                offset -= segment.Length;
                continue;
            }

            var take = (int)Math.Min(segment.Length - offset, count);
            yield return segment.Slice((int)offset, take);
            offset = 0;
            count -= take;
        }
    }
}
