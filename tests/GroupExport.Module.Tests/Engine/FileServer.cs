using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace GroupExport.ModuleTests.Engine;

/// <summary>A server on loopback with one complete export at <c>/status/1</c>, whose files are what a test makes them: what no good server would serve.</summary>
public sealed class FileServer : IDisposable
{
    private readonly HttpListener _listener = Listen();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Task _serving;

    public FileServer() => _serving = Task.Run(ServeAsync);

    /// <summary>The files by name; the type is what the name says.</summary>
    public ConcurrentDictionary<string, string> Files { get; } = new();

    /// <summary>What the manifest says a file holds, where it says it.</summary>
    public ConcurrentDictionary<string, int> Counts { get; } = new();

    /// <summary>When the files go away, by the server.</summary>
    public DateTime? Expires { get; set; }

    /// <summary>Whether a DELETE is refused.</summary>
    public bool RefusesRemoval { get; set; }

    public string BaseUri => _listener.Prefixes.Single();

    public string StatusUrl => BaseUri + "status/1";

    /// <summary>The files that were asked for, in order.</summary>
    public string[] Asked => [.. _asked];

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private static HttpListener Listen()
    {
        while (true)
        {
            HttpListener listener = new();
            listener.Prefixes.Add($"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException)
            {
                // Somebody has that port.
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                Answer(context.Request, context.Response);
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                // A client went away, or the test is over.
            }
        }
    }

    private void Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        if (request.HttpMethod == "DELETE")
        {
            response.StatusCode = RefusesRemoval ? 409 : 202;
            response.ContentLength64 = 0;
            response.Close();
            return;
        }

        string path = request.Url!.AbsolutePath;
        if (path == "/status/1" && Expires is { } expires)
        {
            response.AddHeader("Expires", expires.ToString("R", CultureInfo.InvariantCulture));
        }

        string name = path.TrimStart('/');
        string text = path == "/status/1" ? Manifest() : Files[name];
        if (path != "/status/1")
        {
            _asked.Enqueue(name);
        }

        byte[] body = Encoding.UTF8.GetBytes(text);
        response.ContentType = path == "/status/1" ? "application/json" : "application/fhir+ndjson";
        response.ContentLength64 = body.Length;
        response.OutputStream.Write(body);
        response.Close();
    }

    private string Manifest()
    {
        IEnumerable<string> output = Files.Keys.Order(StringComparer.Ordinal).Select(name =>
            $$"""{"type":"{{name.Split('.')[0]}}","url":"{{BaseUri}}{{name}}"{{(Counts.TryGetValue(name, out int count) ? string.Create(CultureInfo.InvariantCulture, $",\"count\":{count}") : "")}}}""");
        return $$"""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":false,"output":[{{string.Join(',', output)}}]}""";
    }
}
