using System.Buffers;
using System.Security.Cryptography;
using GroupExport.Ndjson;

namespace GroupExport.Files;

/// <summary>The one pass over the content of a file: hashed, scanned, and handed on to be stored where the wire's bytes are not kept themselves.</summary>
internal sealed class ContentPass(ILineScan? scan, Action<int> onBytes)
{
    private const int BufferBytes = 512 * 1024;

    /// <summary>Reads the content to its end.</summary>
    /// <param name="content">The content, decoded.</param>
    /// <param name="store">Where it is stored; null when that has happened on the way.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <exception cref="ExportException">The disk failed; a fault of the network comes through as it is.</exception>
    public async Task<ContentFacts> RunAsync(Stream content, Stream? store, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellationToken).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                scan?.Add(buffer.AsSpan(0, read));
                store?.Write(buffer, 0, read);
                bytes += read;
                onBytes(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        scan?.Complete();
        return new ContentFacts(bytes, scan, Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant());
    }
}

/// <summary>What a pass over the content of a file found.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Scan">What its lines are like; null when they were not looked at.</param>
/// <param name="Sha256">Its hash, in lower-case hexadecimal.</param>
internal sealed record ContentFacts(long Bytes, ILineScan? Scan, string Sha256);
