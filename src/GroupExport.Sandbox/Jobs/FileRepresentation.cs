using System.Security.Cryptography;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Jobs;

/// <summary>One form in which a file goes over the wire.</summary>
/// <param name="Bytes">What is sent.</param>
/// <param name="ETag">Strong: the same tag means the same bytes (RFC 9110, 8.8.3), so each encoding has its own.</param>
/// <param name="ContentEncoding">Null for none.</param>
internal sealed record FileRepresentation(ByteSegments Bytes, string ETag, string? ContentEncoding)
{
    /// <summary>With the tag that these bytes have.</summary>
    public static FileRepresentation Of(ByteSegments bytes, string? contentEncoding)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var segment in bytes.All)
        {
            hash.AppendData(segment.Span);
        }

        return new FileRepresentation(bytes, $"\"{Convert.ToHexString(hash.GetHashAndReset().AsSpan(0, 16))}\"", contentEncoding);
    }
}
