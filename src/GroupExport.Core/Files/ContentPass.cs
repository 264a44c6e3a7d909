using System.Buffers;
using System.Security.Cryptography;
using GroupExport.Ndjson;

namespace GroupExport.Files;

/// <summary>The one pass over the content of a file: hashed, scanned, and handed on to be stored where the wire's bytes are not kept themselves.</summary>
/// <param name="scan">Looks at the lines; null when nobody does.</param>
/// <param name="maxLineBytes">The maximum length of a line. One that is twice as long and has not ended ends the pass.</param>
/// <param name="onBytes">Takes how much was read.</param>
internal sealed class ContentPass(ILineScan? scan, long maxLineBytes, Action<int> onBytes)
{
    private const int BufferBytes = 512 * 1024;

    private long _lineBytes;

    /// <summary>Reads the content to its end.</summary>
    /// <param name="content">The content, decoded.</param>
    /// <param name="store">Where it is stored; null when that has happened on the way.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <exception cref="RejectedBody">A line does not end.</exception>
    /// <exception cref="ExportException">The disk failed; a fault of the network comes through as it is.</exception>
    public async Task<ContentFacts> RunAsync(Stream content, Stream? store, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        int used = 0;
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer.AsMemory(0, BufferBytes), cancellationToken).ConfigureAwait(false)) > 0)
            {
                used = Math.Max(used, read);
                hash.AppendData(buffer, 0, read);
                if (scan is not null)
                {
                    scan.Add(buffer.AsSpan(0, read));
                    RejectEndlessLine(buffer.AsSpan(0, read));
                }

                store?.Write(buffer, 0, read);
                bytes += read;
                onBytes(read);
            }
        }
        finally
        {
            // Nobody who rents it next may see the data; of a small file that is a small part of it.
            buffer.AsSpan(0, used).Clear();
            ArrayPool<byte>.Shared.Return(buffer);
        }

        scan?.Complete();
        return new ContentFacts(bytes, scan, Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant());
    }

    private void RejectEndlessLine(ReadOnlySpan<byte> bytes)
    {
        int newline = bytes.LastIndexOf((byte)'\n');
        _lineBytes = newline < 0 ? _lineBytes + bytes.Length : bytes.Length - newline - 1;
        if (_lineBytes / 2 > maxLineBytes)
        {
            throw new RejectedBody($"it has a line that has not ended after {_lineBytes:N0} bytes, where -MaxLineLength allows {maxLineBytes:N0}");
        }
    }
}

/// <summary>What a pass over the content of a file found.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Scan">What its lines are like; null when they were not looked at.</param>
/// <param name="Sha256">Its hash, in lower-case hexadecimal.</param>
internal sealed record ContentFacts(long Bytes, ILineScan? Scan, string Sha256);
