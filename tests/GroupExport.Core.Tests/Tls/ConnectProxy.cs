using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GroupExport.Tests.Tls;

/// <summary>A proxy that tunnels (RFC 9110, 9.3.6): whatever host it is asked for, it leads to a server of the test.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Func<string, Uri?> _lead;
    private readonly string? _credential;
    private readonly List<ProxyCall> _calls = [];
    private readonly List<Task> _tunnels = [];
    private readonly Task _accepting;

    /// <param name="lead">The server behind a host name; null forbids the way.</param>
    /// <param name="credential"><c>user:password</c> that it demands; null lets everybody through.</param>
    public ConnectProxy(Func<string, Uri?> lead, string? credential = null)
    {
        _lead = lead;
        _credential = credential is null ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credential));
        _listener.Start();
        Root = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
        _accepting = AcceptAsync();
    }

    public Uri Root { get; }

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyList<ProxyCall> Calls
    {
        get
        {
            lock (_calls)
            {
                return [.. _calls];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _accepting;
        _listener.Stop();
        Task[] open;
        lock (_tunnels)
        {
            open = [.. _tunnels];
        }

        await Task.WhenAll(open);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_closing.Token);
                lock (_tunnels)
                {
                    _tunnels.Add(ServeAsync(client));
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy closes.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                NetworkStream stream = client.GetStream();
                while (await ReadAsync(stream) is { } call)
                {
                    lock (_calls)
                    {
                        _calls.Add(call);
                    }

                    if (_credential is not null && call.Authorization != _credential)
                    {
                        await SayAsync(stream, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0");
                    }
                    else if (_lead(call.Target.Split(':')[0]) is { } server)
                    {
                        await TunnelAsync(stream, server);
                        return;
                    }
                    else
                    {
                        await SayAsync(stream, "403 Forbidden\r\nContent-Length: 0");
                    }
                }
            }
            catch (Exception fault) when (fault is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // One of the two went away, or the proxy closes.
            }
        }
    }

    private async Task TunnelAsync(NetworkStream client, Uri server)
    {
        using TcpClient upstream = new() { NoDelay = true };
        await upstream.ConnectAsync(server.Host, server.Port, _closing.Token);
        await SayAsync(client, "200 Connection Established");
        NetworkStream far = upstream.GetStream();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        await Task.WhenAny(client.CopyToAsync(far, either.Token), far.CopyToAsync(client, either.Token));
        await either.CancelAsync();
    }

    private async Task SayAsync(NetworkStream stream, string head) => await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 {head}\r\n\r\n"), _closing.Token);

    /// <summary>The next request; null when the client has closed the connection. Byte by byte, because what follows is not the proxy's to read.</summary>
    private async Task<ProxyCall?> ReadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(next, _closing.Token) == 0)
            {
                return null;
            }

            head.Append((char)next[0]);
        }

        string[] lines = head.ToString().Split("\r\n");
        string[] words = lines[0].Split(' ');
        string? authorization = lines.FirstOrDefault(line => line.StartsWith("Proxy-Authorization:", StringComparison.OrdinalIgnoreCase));
        return new ProxyCall(words[0], words[1], authorization?["Proxy-Authorization:".Length..].Trim());
    }
}

/// <summary>What a proxy was asked.</summary>
internal sealed record ProxyCall(string Verb, string Target, string? Authorization);
