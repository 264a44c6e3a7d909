using System.Net;
using System.Net.Sockets;

namespace GroupExport.Tests.Server;

/// <summary>A server on a free loopback port that answers by a script and remembers what arrived, byte by byte.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<Arrival, Answer> _script;
    private readonly List<Arrival> _arrivals = [];
    private readonly List<Task> _conversations = [];
    private readonly Task _accepting;

    public RecordingServer(Func<Arrival, Answer> script)
    {
        _script = script;
        _listener.Start();
        Root = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    /// <summary>Answers in this order; the last answer stays.</summary>
    public RecordingServer(params Answer[] answers)
        : this(InOrder(answers))
    {
    }

    public Uri Root { get; }

    /// <summary>What arrived so far, in order.</summary>
    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (_arrivals)
            {
                return [.. _arrivals];
            }
        }
    }

    /// <summary>An absolute URL on this server.</summary>
    public string Url(string path) => new Uri(Root, path).AbsoluteUri;

    public IReadOnlyList<Arrival> To(string path) => [.. Arrivals.Where(arrival => arrival.Path == path)];

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _accepting;
        _listener.Stop();
        Task[] open;
        lock (_conversations)
        {
            open = [.. _conversations];
        }

        await Task.WhenAll(open);
        _closing.Dispose();
    }

    private static Func<Arrival, Answer> InOrder(Answer[] answers)
    {
        int next = 0;
        return _ => answers[Math.Min(next++, answers.Length - 1)];
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_closing.Token);
                lock (_conversations)
                {
                    _conversations.Add(ConverseAsync(client));
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server closes.
        }
    }

    private async Task ConverseAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                Wire wire = new(client.GetStream());
                while (await wire.ReadAsync(_closing.Token) is { } arrival && await wire.WriteAsync(Decide(arrival), _closing.Token))
                {
                    // The next request of this connection.
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // The client went away, or the server closes.
            }
        }
    }

    private Answer Decide(Arrival arrival)
    {
        lock (_arrivals)
        {
            _arrivals.Add(arrival);
            return _script(arrival);
        }
    }
}
