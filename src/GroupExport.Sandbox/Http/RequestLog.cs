using System.Text;

namespace GroupExport.Sandbox.Http;

/// <summary>What arrived, in order, without credentials.</summary>
internal sealed class RequestLog(TimeProvider clock)
{
    private readonly object _lock = new();
    private readonly List<SandboxRequest> _requests = [];

    public IReadOnlyList<SandboxRequest> Snapshot()
    {
        lock (_lock)
        {
            return _requests.ToArray(); // an array, which PowerShell can index
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    public void Add(Arrival arrival)
    {
        var body = Encoding.UTF8.GetString(arrival.Body.Span);
        lock (_lock)
        {
            _requests.Add(new SandboxRequest
            {
                Time = clock.GetUtcNow().UtcDateTime,
                Method = arrival.Method,
                Path = arrival.RawPath,
                Query = arrival.RawQuery,
                Headers = MaskedHeaders.Of(arrival.Headers),
                Body = body,
            });
        }
    }
}
