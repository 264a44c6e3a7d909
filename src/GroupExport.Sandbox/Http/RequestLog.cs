using System.Text;
using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Endpoints;

namespace GroupExport.Sandbox.Http;

/// <summary>What arrived, in order, without credentials.</summary>
internal sealed class RequestLog(TimeProvider clock)
{
    private readonly object _lock = new();
    private readonly List<LoggedRequest> _requests = [];

    public IReadOnlyList<SandboxRequest> Snapshot()
    {
        lock (_lock)
        {
            return _requests.Select(logged => logged.Request).ToArray(); // an array, which PowerShell can index
        }
    }

    /// <summary>How many requests have arrived at a path.</summary>
    public int Count(string path)
    {
        lock (_lock)
        {
            return _requests.Count(logged => logged.Request.Path == path);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    /// <summary>Notes a request; its answer is noted with <see cref="Answered"/>.</summary>
    public LoggedRequest Add(Arrival arrival)
    {
        var isTokenRequest = arrival.RawPath == TokenEndpoint.Path;
        var body = Encoding.UTF8.GetString(arrival.Body.Span);
        var logged = new LoggedRequest(new SandboxRequest
        {
            Time = clock.GetUtcNow().UtcDateTime,
            Method = arrival.Method,
            Path = arrival.RawPath,
            Query = isTokenRequest ? MaskedForm.Of(arrival.RawQuery) : arrival.RawQuery,
            Headers = MaskedHeaders.Of(arrival.Headers),
            Body = isTokenRequest || arrival.ContentType == TokenForm.ContentType ? MaskedForm.Of(body) : body,
        });
        lock (_lock)
        {
            _requests.Add(logged);
        }

        return logged;
    }

    /// <summary>Notes how a request was answered.</summary>
    public void Answered(LoggedRequest logged, int status)
    {
        lock (_lock)
        {
            logged.Request = logged.Request with { StatusCode = status };
        }
    }

    /// <summary>A place in the log.</summary>
    internal sealed class LoggedRequest(SandboxRequest request)
    {
        public SandboxRequest Request { get; set; } = request;
    }
}
