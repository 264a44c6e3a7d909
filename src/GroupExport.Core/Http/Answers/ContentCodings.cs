using System.IO.Compression;

namespace GroupExport.Http;

/// <summary>Decodes the content codings of a small body (RFC 9110, 8.4.1), also where none was asked for: no Accept-Encoding means that any is acceptable.</summary>
internal static class ContentCodings
{
    /// <summary>The number of codings that one body may have; servers and proxies are seen to apply gzip twice.</summary>
    private const int MaxCodings = 4;

    private static readonly byte[] s_gzipMagic = [0x1F, 0x8B];

    /// <summary>Decodes a body.</summary>
    /// <param name="body">The bytes as they came.</param>
    /// <param name="named">The codings that the answer names, in the order in which they were applied.</param>
    /// <param name="maxBytes">The size at which the decoded body is cut off.</param>
    /// <returns>The decoded bytes; null when a coding is not known.</returns>
    /// <exception cref="BodyFault">The bytes are not of the coding that is named.</exception>
    public static byte[]? Decode(byte[] body, IEnumerable<string> named, int maxBytes)
    {
        string[] codings = [.. named.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Select(value => value.ToLowerInvariant())];
        if (codings.Length > MaxCodings)
        {
            return null;
        }

        foreach (string coding in Enumerable.Reverse(codings))
        {
            if (coding == "identity" || body.Length == 0 || IsPlain(body))
            {
                continue;
            }

            if (Decoder(coding, body) is not { } open)
            {
                return null;
            }

            body = Run(open, body, coding, maxBytes);
        }

        return body.AsSpan().StartsWith(s_gzipMagic) ? Run(source => new GZipStream(source, CompressionMode.Decompress), body, "gzip", maxBytes) : body;
    }

    /// <summary>Determines whether a body is text although a coding is named, as behind proxies that decode and keep the header.</summary>
    private static bool IsPlain(byte[] body) => body[0] is (byte)'{' or (byte)'[' or (byte)'<';

    private static Func<Stream, Stream>? Decoder(string coding, byte[] body) => coding switch
    {
        "gzip" or "x-gzip" => source => new GZipStream(source, CompressionMode.Decompress),
        "br" => source => new BrotliStream(source, CompressionMode.Decompress),

        // "deflate" is the zlib format; some servers send the bare deflate stream.
        "deflate" when IsZlib(body) => source => new ZLibStream(source, CompressionMode.Decompress),
        "deflate" => source => new DeflateStream(source, CompressionMode.Decompress),
        _ => null,
    };

    private static bool IsZlib(byte[] body) => body.Length > 1 && (body[0] & 0x0F) == 8 && ((body[0] << 8) | body[1]) % 31 == 0;

    private static byte[] Run(Func<Stream, Stream> open, byte[] body, string coding, int maxBytes)
    {
        try
        {
            using Stream decoded = open(new MemoryStream(body, writable: false));
            using MemoryStream kept = new();
            byte[] buffer = new byte[16 * 1024];
            int read;
            while (kept.Length < maxBytes && (read = decoded.Read(buffer, 0, buffer.Length)) > 0)
            {
                kept.Write(buffer, 0, (int)Math.Min(read, maxBytes - kept.Length));
            }

            return kept.ToArray();
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or InvalidOperationException)
        {
            throw new BodyFault($"the answer is not readable as the content coding that it names ({coding})", exception);
        }
    }
}
