using System.Text;
using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Endpoints;

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

    /// <summary>How many requests have arrived at a path.</summary>
    public int Count(string path)
    {
        lock (_lock)
        {
            return _requests.Count(request => request.Path == path);
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
        var isTokenRequest = arrival.RawPath == TokenEndpoint.Path;
        var body = Encoding.UTF8.GetString(arrival.Body.Span);
        lock (_lock)
        {
            _requests.Add(new SandboxRequest
            {
                Time = clock.GetUtcNow().UtcDateTime,
                Method = arrival.Method,
                Path = arrival.RawPath,
                Query = isTokenRequest ? MaskedForm.Of(arrival.RawQuery) : arrival.RawQuery,
                Headers = MaskedHeaders.Of(arrival.Headers),
                Body = isTokenRequest || arrival.ContentType == TokenForm.ContentType ? MaskedForm.Of(body) : body,
            });
        }
    }
}
