using System.Buffers;
using System.Security.Cryptography;

namespace GroupExport.Files;

/// <summary>One pass over a body: from the network to the disk, hashed and counted on the way.</summary>
internal sealed class BodyPass(Validation validation, Action<int> onBytes)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Copies a body as it is; bytes are stored in the order and form they came.</summary>
    /// <exception cref="ExportException">The disk failed; a fault of the network comes through as it is.</exception>
    public async Task<BodyResult> CopyAsync(Stream body, FileStream target, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        LineCounter lines = default;
        long bytes = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellationToken).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                if (validation == Validation.Count)
                {
                    lines.Add(buffer.AsSpan(0, read));
                }

                await ExportFolder.OnDiskAsync(target.WriteAsync(buffer.AsMemory(0, read), cancellationToken)).ConfigureAwait(false);
                bytes += read;
                onBytes(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        ExportFolder.OnDisk(() => target.Flush(flushToDisk: true));
        return new BodyResult(bytes, validation == Validation.Count ? lines : null, Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant());
    }
}

/// <summary>What a pass over a body found.</summary>
/// <param name="Bytes">Bytes stored.</param>
/// <param name="Lines">What its lines look like; null when they were not counted.</param>
/// <param name="Sha256">Of the content, in lower-case hexadecimal.</param>
internal sealed record BodyResult(long Bytes, LineCounter? Lines, string Sha256);
