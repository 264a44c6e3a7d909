using System.Text;

namespace GroupExport.Http;

/// <summary>Reads a small body as UTF-8 text, and no more of it than is allowed.</summary>
internal static class BoundedText
{
    /// <summary>The text, cut off at <paramref name="mostBytes"/> bytes.</summary>
    public static async Task<string> ReadAsync(HttpResponseMessage response, int mostBytes, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await ReadBytesAsync(response, mostBytes, cancellationToken).ConfigureAwait(false));

    /// <summary>The bytes, cut off at <paramref name="mostBytes"/>.</summary>
    public static async Task<byte[]> ReadBytesAsync(HttpResponseMessage response, int mostBytes, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using MemoryStream kept = new();
            byte[] buffer = new byte[16 * 1024];
            int read;
            while (kept.Length < mostBytes && (read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                kept.Write(buffer, 0, (int)Math.Min(read, mostBytes - kept.Length));
            }

            return kept.ToArray();
        }
    }
}
