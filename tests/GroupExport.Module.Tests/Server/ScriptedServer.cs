using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GroupExport.ModuleTests.Server;

/// <summary>A server on a free loopback port that answers as no proper server would. It answers one request a connection, one at a time.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly object _gate = new();
    private readonly Func<ScriptedCall, ScriptedReply> _script;

    public ScriptedServer(Func<ScriptedCall, ScriptedReply> script)
    {
        _script = script;
        _listener.Start();
        Root = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/";
        _ = AcceptAsync();
    }

    /// <summary>The root, with its closing slash.</summary>
    public string Root { get; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The server closes.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                if (await ReadAsync(stream) is { } call)
                {
                    byte[] reply;
                    lock (_gate)
                    {
                        reply = _script(call).ToBytes();
                    }

                    await stream.WriteAsync(reply);
                }
            }
            catch (IOException)
            {
                // The client went away.
            }
        }
    }

    private static async Task<ScriptedCall?> ReadAsync(Stream stream)
    {
        // A character a byte, so that the length of the body counts in both.
        using StreamReader reader = new(stream, Encoding.Latin1, leaveOpen: true);
        if (await reader.ReadLineAsync() is not { Length: > 0 } first)
        {
            return null;
        }

        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':');
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        char[] body = new char[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        if (body.Length > 0)
        {
            await reader.ReadBlockAsync(body);
        }

        string[] words = first.Split(' ');
        return new ScriptedCall(words[0], words[1], headers, new string(body));
    }
}
