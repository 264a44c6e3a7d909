using System.Collections.Concurrent;

namespace GroupExport.Connections;

/// <summary>Represents the jobs that a server has shown over a connection: a 404 for one of them means that it is gone, and never that it is too new.</summary>
internal sealed class ShownJobs
{
    private readonly ConcurrentDictionary<string, bool> _statusUrls = new(StringComparer.Ordinal);

    /// <summary>Records that the server answered for a job.</summary>
    public void Add(string statusUrl) => _statusUrls.TryAdd(statusUrl, true);

    /// <summary>Determines whether the server has answered for a job.</summary>
    public bool Contains(string statusUrl) => _statusUrls.ContainsKey(statusUrl);
}
