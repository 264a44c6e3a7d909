using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace GroupExport.Benchmarks.Serving;

/// <summary>Jobs that are under way for so many status requests and then over: <c>/r4/waiting/{requests}/{name}</c>.</summary>
internal sealed class WaitingJobs
{
    private const string Prefix = "/r4/waiting/";
    private static readonly byte[] s_running = Encoding.ASCII.GetBytes("HTTP/1.1 202 Accepted\r\nRetry-After: 1\r\nX-Progress: under way\r\nContent-Length: 0\r\n\r\n");
    private static readonly byte[] s_complete = Complete();

    private readonly ConcurrentDictionary<string, int> _asked = new();

    public static string PathOf(int requests, int number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{requests}/{number}");

    /// <summary>The answer to a status request; null for another path.</summary>
    public byte[]? Answer(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        int requests = int.Parse(path[Prefix.Length..].Split('/')[0], CultureInfo.InvariantCulture);
        return _asked.AddOrUpdate(path, 1, (_, before) => before + 1) < requests ? s_running : s_complete;
    }

    private static byte[] Complete()
    {
        const string Manifest = """{"transactionTime":"2026-11-01T00:00:00.000Z","request":"http://127.0.0.1/","requiresAccessToken":false,"output":[],"error":[]}""";
        return Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Manifest.Length}\r\n\r\n{Manifest}");
    }
}
