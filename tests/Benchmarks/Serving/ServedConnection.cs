using System.Net.Sockets;
using System.Text;

namespace GroupExport.Benchmarks.Serving;

/// <summary>One connection of a client: answers its requests until it goes.</summary>
internal sealed class ServedConnection(Socket socket, ServedPaths paths, Counters counters, SharedLink? link) : IDisposable
{
    private const int Chunk = 16 * 1024 * 1024;
    private const int LimitedChunk = 64 * 1024;

    private readonly byte[] _received = new byte[16 * 1024];
    private readonly SocketAsyncEventArgs _sending = new();
    private int _filled;

    public async Task RunAsync()
    {
        _sending.Completed += (_, sent) => ((TaskCompletionSource)sent.UserToken!).SetResult();
        try
        {
            while (await ReadHeadAsync().ConfigureAwait(false) is { } head)
            {
                await AnswerAsync(head).ConfigureAwait(false);
            }
        }
        catch (SocketException)
        {
            // The client is gone, as it may: it is killed in some benchmarks.
        }
    }

    public void Dispose()
    {
        _sending.Dispose();
        socket.Dispose();
    }

    private async Task<RequestHead?> ReadHeadAsync()
    {
        int end;
        while ((end = _received.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int read = _filled < _received.Length ? await socket.ReceiveAsync(_received.AsMemory(_filled)).ConfigureAwait(false) : 0;
            if (read == 0)
            {
                return null;
            }

            _filled += read;
        }

        RequestHead head = RequestHead.Parse(_received.AsSpan(0, end));
        _filled -= end + 4;
        _received.AsSpan(end + 4, _filled).CopyTo(_received);
        return head;
    }

    private async Task AnswerAsync(RequestHead head)
    {
        if (paths.Jobs.Answer(head.Path) is { } status)
        {
            await SendAsync(status).ConfigureAwait(false);
            return;
        }

        ServedBody? body = head.Path == "/counters" ? ServedBody.OfJson(counters.ToJson()) : paths.Find(head.Path);
        if (body is null)
        {
            await SendAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
            return;
        }

        bool partial = head.RangeStart is { } asked && asked < body.Length && (head.IfRange is null || head.IfRange == body.ETag);
        long start = partial ? head.RangeStart!.Value : 0;
        byte[] header = Encoding.ASCII.GetBytes(Header(body, start, partial));
        if (body.IsCounted)
        {
            counters.AddRequest(partial);
        }

        if (body.Memory is { } memory)
        {
            await SendMemoryAsync(head.Path, header, memory.AsMemory((int)start), body.IsCounted).ConfigureAwait(false);
        }
        else
        {
            await SendFileAsync(head.Path, header, body.FilePath!, start, body.Length).ConfigureAwait(false);
        }
    }

    private static string Header(ServedBody body, long start, bool partial) =>
        (partial ? $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{body.Length - 1}/{body.Length}\r\n" : "HTTP/1.1 200 OK\r\n") +
        $"Content-Type: {body.ContentType}\r\nContent-Length: {body.Length - start}\r\nETag: {body.ETag}\r\nAccept-Ranges: bytes\r\n" +
        (body.Encoding is null ? "\r\n" : $"Content-Encoding: {body.Encoding}\r\n\r\n");

    /// <summary>Head and content in one packet.</summary>
    private async Task SendMemoryAsync(string path, byte[] header, ReadOnlyMemory<byte> content, bool counted)
    {
        if (counted && link is not null)
        {
            await link.TakeAsync(content.Length).ConfigureAwait(false);
        }

        await SendAsync((byte[])[.. header, .. content.Span]).ConfigureAwait(false);
        if (counted)
        {
            counters.AddBytes(path, content.Length);
        }
    }

    private async Task SendFileAsync(string path, byte[] header, string file, long start, long length)
    {
        await SendAsync(header).ConfigureAwait(false);
        for (long sent = start; sent < length;)
        {
            int count = (int)Math.Min(length - sent, link is null ? Chunk : LimitedChunk);
            if (link is not null)
            {
                await link.TakeAsync(count).ConfigureAwait(false);
            }

            await SendPartAsync(new SendPacketsElement(file, sent, count)).ConfigureAwait(false);
            counters.AddBytes(path, count);
            sent += count;
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes).ConfigureAwait(false)..];
        }
    }

    /// <summary>The system copies from the file to the connection; this process does not see the bytes.</summary>
    private async Task SendPartAsync(SendPacketsElement part)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _sending.UserToken = done;
        _sending.SendPacketsElements = [part];
        if (socket.SendPacketsAsync(_sending))
        {
            await done.Task.ConfigureAwait(false);
        }

        if (_sending.SocketError != SocketError.Success)
        {
            throw new SocketException((int)_sending.SocketError);
        }
    }
}
