using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Selection;

/// <summary>Collects the chosen lines of a file: neighbours as one piece of the data in place, or copied when the pieces would be tiny.</summary>
internal sealed class SegmentCollector(ResourceFile file)
{
    // Sending thousands of pieces of some hundred bytes costs more than copying them once.
    private const int SmallestPiece = 16 * 1024;

    private readonly List<ResourceLine> _pieces = [];

    public int Count { get; private set; }

    public void Add(in ResourceLine line)
    {
        Count++;
        if (_pieces.Count > 0 && _pieces[^1] is var last && last.Chunk == line.Chunk && last.Offset + last.Length == line.Offset)
        {
            _pieces[^1] = last with { Length = last.Length + line.Length };
        }
        else
        {
            _pieces.Add(line);
        }
    }

    public ByteSegments Take()
    {
        var segments = _pieces.ConvertAll(piece => file.Bytes(piece));
        _pieces.Clear();
        Count = 0;
        var length = segments.Sum(segment => (long)segment.Length);
        return segments.Count > 1 && length / segments.Count < SmallestPiece && length < Array.MaxLength
            ? new ByteSegments(Copy(segments, (int)length))
            : new ByteSegments([.. segments]);
    }

    private static byte[] Copy(List<ReadOnlyMemory<byte>> segments, int length)
    {
        var copy = new byte[length];
        var offset = 0;
        foreach (var segment in segments)
        {
            segment.Span.CopyTo(copy.AsSpan(offset));
            offset += segment.Length;
        }

        return copy;
    }
}
