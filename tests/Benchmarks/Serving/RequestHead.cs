using System.Globalization;
using System.Text;

namespace GroupExport.Benchmarks.Serving;

/// <summary>What the server heeds of a request.</summary>
/// <param name="Path">The path.</param>
/// <param name="RangeStart">The start of the rest that is asked for (RFC 9110, <c>bytes=N-</c>), or null for all.</param>
/// <param name="IfRange">The validator that the part must belong to, or null.</param>
internal sealed record RequestHead(string Path, long? RangeStart, string? IfRange)
{
    /// <param name="text">Request line and headers without the empty line at the end.</param>
    public static RequestHead Parse(ReadOnlySpan<byte> text)
    {
        string[] lines = Encoding.ASCII.GetString(text).Split("\r\n");
        string path = lines[0].Split(' ') is ["GET", var target, _] ? target : "";
        return new RequestHead(path, RangeOf(Header(lines, "Range")), Header(lines, "If-Range"));
    }

    private static string? Header(string[] lines, string name)
    {
        foreach (string line in lines.AsSpan(1))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }

    private static long? RangeOf(string? header) =>
        header is not null && header.StartsWith("bytes=", StringComparison.Ordinal) && header.EndsWith('-') &&
        long.TryParse(header.AsSpan(6, header.Length - 7), NumberStyles.None, CultureInfo.InvariantCulture, out long start) ? start : null;
}
