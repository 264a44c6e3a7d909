using System.Collections.Concurrent;
using System.Text.Json;

namespace GroupExport.Benchmarks.Serving;

/// <summary>What a server has sent of files so far.</summary>
/// <param name="Requests">Requests for files.</param>
/// <param name="PartialAnswers">Those that were answered with a part (206).</param>
/// <param name="BodyBytes">Bytes of files given to the network, over all requests.</param>
/// <param name="BytesByPath">The same for each file.</param>
internal sealed record Sent(long Requests, long PartialAnswers, long BodyBytes, IReadOnlyDictionary<string, long> BytesByPath);

/// <summary>Counts what is sent.</summary>
internal sealed class Counters
{
    private readonly ConcurrentDictionary<string, long> _bytes = new();
    private long _requests;
    private long _partialAnswers;

    public void AddRequest(bool partial)
    {
        Interlocked.Increment(ref _requests);
        if (partial)
        {
            Interlocked.Increment(ref _partialAnswers);
        }
    }

    public void AddBytes(string path, long bytes) => _bytes.AddOrUpdate(path, bytes, (_, before) => before + bytes);

    public byte[] ToJson()
    {
        Dictionary<string, long> bytes = new(_bytes);
        return JsonSerializer.SerializeToUtf8Bytes(new Sent(Interlocked.Read(ref _requests), Interlocked.Read(ref _partialAnswers), bytes.Values.Sum(), bytes));
    }
}
