using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>What the module is measured against: a copy to disk that looks at nothing, with the same parallelism.</summary>
/// <param name="flush">Whether each file is flushed to the disk, as the module does.</param>
/// <param name="decompress">Whether gzip is unpacked.</param>
/// <param name="hash">Whether a SHA-256 is made of each file as it is copied.</param>
internal sealed class BareCopy(bool flush, bool decompress = false, bool hash = false) : IDisposable
{
    /// <summary>The default of <see cref="Stream.CopyToAsync(Stream)"/>.</summary>
    private const int BufferBytes = 81_920;

    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = decompress ? DecompressionMethods.GZip : DecompressionMethods.None });

    public void Run(ServerProcess server, ExportSet set, string folder)
    {
        string encoding = decompress ? ServedPaths.Gzip : ServedPaths.Identity;
        Run(file => server.FileOf(set, file, encoding), set, folder);
    }

    public void Run(Func<ExportSetFile, Uri> address, ExportSet set, string folder)
    {
        Directory.CreateDirectory(folder);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = ModuleSession.ThrottleLimit };
        Parallel.ForEachAsync(set.Files, parallel, async (file, token) =>
        {
            using HttpResponseMessage response = await _client.GetAsync(address(file), HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            using Stream body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            using FileStream target = File.Create(Path.Combine(folder, file.Name));
            await (hash ? CopyAndHashAsync(body, target, token) : body.CopyToAsync(target, token)).ConfigureAwait(false);
            if (flush)
            {
                target.Flush(flushToDisk: true);
            }

            if (target.Length != file.Bytes)
            {
                throw new InvalidOperationException($"{file.Name} is not what was to be copied.");
            }
        }).GetAwaiter().GetResult();
    }

    private static async Task CopyAndHashAsync(Stream body, Stream target, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }

        ArrayPool<byte>.Shared.Return(buffer);
        _ = hash.GetHashAndReset();
    }

    public void Dispose() => _client.Dispose();
}
