using System.Net;

namespace GroupExport.Sandbox.Http;

/// <summary>Reads a request body up to a bound.</summary>
internal static class BodyReader
{
    /// <summary>Longest body in bytes: a kick-off with 100,000 patients needs about a twentieth of it.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    /// <summary>The body, or null when it is longer than <see cref="MaxLength"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpListenerRequest request, CancellationToken cancellation)
    {
        if (!request.HasEntityBody)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (request.ContentLength64 > MaxLength)
        {
            return null;
        }

        // The announced length is a client's claim: it must not make the server allocate.
        var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await request.InputStream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > MaxLength)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
