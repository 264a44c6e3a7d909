using System.Net;
using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Saving;

/// <summary>What the module is measured against: a copy to disk that looks at nothing, with the same parallelism.</summary>
/// <param name="flush">Whether each file is flushed to the disk, as the module does.</param>
/// <param name="decompress">Whether gzip is unpacked.</param>
internal sealed class BareCopy(bool flush, bool decompress = false) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = decompress ? DecompressionMethods.GZip : DecompressionMethods.None });

    public void Run(ServerProcess server, ExportSet set, string folder)
    {
        Directory.CreateDirectory(folder);
        string encoding = decompress ? ServedPaths.Gzip : ServedPaths.Identity;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = ModuleSession.ThrottleLimit };
        Parallel.ForEachAsync(set.Files, parallel, async (file, token) =>
        {
            using HttpResponseMessage response = await _client.GetAsync(server.FileOf(set, file, encoding), HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            using Stream body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(token).ConfigureAwait(false);
            using FileStream target = File.Create(Path.Combine(folder, file.Name));
            await body.CopyToAsync(target, token).ConfigureAwait(false);
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

    public void Dispose() => _client.Dispose();
}
