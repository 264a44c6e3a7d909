using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace GroupExport.Sandbox.Http;

/// <summary>An HTTP server on a free port of 127.0.0.1: takes requests in, has them answered, and outlives every fault of a client or a handler.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private const int Attempts = 50;

    private readonly HttpListener _listener;
    private readonly Func<Arrival, CancellationToken, ValueTask<Reply>> _answer;
    private readonly ConcurrentDictionary<HttpListenerContext, bool> _open = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _stopped;

    private LoopbackServer(HttpListener listener, string origin, Func<Arrival, CancellationToken, ValueTask<Reply>> answer)
    {
        _listener = listener;
        _answer = answer;
        Origin = origin;
    }

    /// <summary>For example <c>http://127.0.0.1:50123</c>.</summary>
    public string Origin { get; }

    public bool IsRunning => Volatile.Read(ref _stopped) == 0;

    /// <summary>Starts a server on a port that nobody uses.</summary>
    /// <exception cref="SandboxException">No port could be had.</exception>
    public static LoopbackServer Start(Func<Arrival, CancellationToken, ValueTask<Reply>> answer)
    {
        HttpListenerException? failure = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var origin = $"http://127.0.0.1:{FreePort()}";
            var listener = new HttpListener { IgnoreWriteExceptions = false };
            listener.Prefixes.Add(origin + "/");
            try
            {
                listener.Start();
            }
            catch (HttpListenerException exception)
            {
                // Between the probe and the start someone else took the port.
                failure = exception;
                listener.Close();
                continue;
            }

            var server = new LoopbackServer(listener, origin, answer);
            _ = Task.Run(server.AcceptAsync);
            return server;
        }

        throw new SandboxException($"No port of 127.0.0.1 could be opened in {Attempts} attempts: {failure?.Message}", failure!);
    }

    /// <summary>Stops at once and cuts what is still open.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1)
        {
            return;
        }

        _stopping.Cancel();
        foreach (var context in _open.Keys)
        {
            Cut(context);
        }

        _listener.Abort();
    }

    public void Dispose()
    {
        Stop();
        _stopping.Dispose();
    }

    // HttpListener knows no port 0, so the system is asked for a free one first.
    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private async Task AcceptAsync()
    {
        while (IsRunning)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                if (!_listener.IsListening)
                {
                    return;
                }

                continue;
            }

            _open.TryAdd(context, true);
            _ = Task.Run(() => ServeAsync(context));
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            var reply = await ReplyAsync(context).ConfigureAwait(false);
            await ReplySender.SendAsync(context.Response, reply, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The client is gone or the server stops: half an answer must never look like a whole one.
            Cut(context);
        }
        finally
        {
            _open.TryRemove(context, out _);
        }
    }

    private async Task<Reply> ReplyAsync(HttpListenerContext context)
    {
        var body = await BodyReader.ReadAsync(context.Request, _stopping.Token).ConfigureAwait(false);
        if (body is null)
        {
            return OperationOutcome.Error(413, "too-long", $"The body is longer than {BodyReader.MaxLength} bytes.");
        }

        try
        {
            return await _answer(Arrival.From(context.Request, Origin, body.Value), _stopping.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // a fault in one answer is that answer's 500, whatever it is
        catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return OperationOutcome.Error(500, "exception", $"The sandbox failed: {exception.GetType().Name}: {exception.Message}");
        }
    }

    // Outside Windows, Abort sends what is missing of the answer: a 200 without body, when nothing was sent yet.
    // An announced byte that never comes makes every client see the cut.
    private static void Cut(HttpListenerContext context)
    {
        try
        {
            context.Response.StatusCode = 503;
            context.Response.ContentLength64 = 1;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or InvalidOperationException)
        {
            // The headers are sent.
        }

        try
        {
            context.Response.Abort();
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Already cut.
        }
    }
}
