using System.Net;

namespace GroupExport.Files;

/// <summary>What proves that a file came whole.</summary>
internal static class Proof
{
    /// <summary>The manifest's count.</summary>
    public const string Count = "Count";

    /// <summary>Content-Length, or a status that has no content (204).</summary>
    public const string Length = "Length";

    /// <summary>The last chunk (RFC 9112, 7.1), or the end of the stream in HTTP/2 and later.</summary>
    public const string ChunkEnd = "ChunkEnd";

    /// <summary>CRC32 and ISIZE of the gzip members (RFC 1952).</summary>
    public const string Gzip = "Gzip";

    /// <summary>Nothing: the end of the connection was taken for the end of the file.</summary>
    public const string Unproven = "Unproven";

    /// <summary>What the wire itself says of a body that was read to its end without a fault.</summary>
    public static string Of(HttpResponseMessage response, bool hasChecksum) => response switch
    {
        { Content.Headers.ContentLength: not null } or { StatusCode: HttpStatusCode.NoContent } => Length,
        { Headers.TransferEncodingChunked: true } or { Version.Major: >= 2 } => ChunkEnd,
        _ => hasChecksum ? Gzip : Unproven,
    };
}
