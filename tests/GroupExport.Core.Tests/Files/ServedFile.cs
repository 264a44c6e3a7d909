using System.Globalization;
using System.Text;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>A file as a good server serves it: with a strong ETag, and from any byte on (RFC 9110, 13.1.5 and 14).</summary>
internal sealed class ServedFile(byte[] content)
{
    public static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{{\"resourceType\":\"Patient\",\"id\":\"{i}\"}}\n"));

    public ServedFile(string content)
        : this(Encoding.UTF8.GetBytes(content))
    {
    }

    public byte[] Content => content;

    public string Tag { get; set; } = "\"v1\"";

    /// <summary>How many bytes of the body come before the connection is cut, by the number of the request from 1; null for all.</summary>
    public Func<int, int?> CutAt { get; init; } = _ => null;

    /// <summary>How many bytes of the body come before nothing more does, by the number of the request from 1; null for all.</summary>
    public Func<int, int?> StallAt { get; init; } = _ => null;

    /// <summary>Whether the content is a gzip stream.</summary>
    public bool IsGzip { get; init; }

    public int Asked { get; private set; }

    public Answer Answer(Arrival arrival)
    {
        Asked++;
        Answer whole = Server.Answer.Ndjson(content).With("ETag", Tag);
        whole = IsGzip ? whole.With("Content-Encoding", "gzip") : whole;
        if (arrival.Header("Range") is { } range && arrival.Header("If-Range") == Tag)
        {
            int start = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            whole = (whole with { Status = 206, Body = content[start..] }).With("Content-Range", $"bytes {start}-{content.Length - 1}/{content.Length}");
        }

        return whole with { CutAt = CutAt(Asked), StallAt = StallAt(Asked) };
    }
}
