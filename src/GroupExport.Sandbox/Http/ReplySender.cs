using System.Diagnostics;
using System.Net;

namespace GroupExport.Sandbox.Http;

/// <summary>Sends a <see cref="Reply"/>, always with its length: a body of unknown length goes out chunked, a hundred times slower on Linux.</summary>
internal static class ReplySender
{
    private const int SlicesPerSecond = 20;
    private const int WriteSize = 256 * 1024;

    public static async Task SendAsync(HttpListenerResponse response, Reply reply, CancellationToken cancellation)
    {
        response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            response.AddHeader(name, value);
        }

        if (reply.ContentType is not null)
        {
            response.ContentType = reply.ContentType;
        }

        response.ContentLength64 = reply.Count;
        if (reply.EndsAfter == 0 && !reply.Stalls)
        {
            throw new IOException("The answer is cut off before it begins.");
        }

        if (!reply.HeadersOnly)
        {
            await SendBodyAsync(response.OutputStream, reply, cancellation).ConfigureAwait(false);
        }

        response.Close();
    }

    private static async Task SendBodyAsync(Stream output, Reply reply, CancellationToken cancellation)
    {
        var size = reply.BytesPerSecond is { } rate ? Math.Clamp(rate / SlicesPerSecond, 1, WriteSize) : WriteSize;
        var started = Stopwatch.GetTimestamp();
        long sent = 0;
        foreach (var slice in reply.Body.Slices(reply.Offset, Math.Min(reply.Count, reply.EndsAfter ?? reply.Count)))
        {
            for (var at = 0; at < slice.Length; at += size)
            {
                var part = slice.Slice(at, Math.Min(size, slice.Length - at));
                await output.WriteAsync(part, cancellation).ConfigureAwait(false);
                sent += part.Length;
                await HoldBackAsync(reply.BytesPerSecond, sent, started, cancellation).ConfigureAwait(false);
            }
        }

        if (reply.Stalls)
        {
            await output.FlushAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
        }

        // Closed normally, the connection would stay open and the client would wait for the rest for ever.
        if (sent < reply.Count)
        {
            throw new IOException($"The answer ended after {sent} of {reply.Count} bytes.");
        }
    }

    private static async Task HoldBackAsync(int? bytesPerSecond, long sent, long started, CancellationToken cancellation)
    {
        if (bytesPerSecond is { } rate)
        {
            var ahead = TimeSpan.FromSeconds((double)sent / rate) - Stopwatch.GetElapsedTime(started);
            if (ahead > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(ahead, cancellation).ConfigureAwait(false);
            }
        }
    }
}
