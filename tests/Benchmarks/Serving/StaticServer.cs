using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace GroupExport.Benchmarks.Serving;

/// <summary>The <c>serve</c> verb: a server of files that costs next to nothing, in a process of its own, on this machine only.</summary>
internal static class StaticServer
{
    public const string Verb = "serve";

    /// <summary>Serves the exports below a folder until standard input ends, and prints the port.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="bytesPerSecond">The most that all connections get together; 0 for no limit.</param>
    public static void Run(string root, long bytesPerSecond)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        ServedPaths paths = new(root, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")));
        _ = AcceptAsync(listener, paths, new Counters(), bytesPerSecond > 0 ? new SharedLink(bytesPerSecond) : null);
        Console.WriteLine(port);
        Console.In.ReadToEnd();
    }

    private static async Task AcceptAsync(TcpListener listener, ServedPaths paths, Counters counters, SharedLink? link)
    {
        while (true)
        {
            Socket socket = await listener.AcceptSocketAsync().ConfigureAwait(false);
            socket.NoDelay = true;
            _ = Task.Run(async () =>
            {
                using ServedConnection connection = new(socket, paths, counters, link);
                await connection.RunAsync().ConfigureAwait(false);
            });
        }
    }
}
