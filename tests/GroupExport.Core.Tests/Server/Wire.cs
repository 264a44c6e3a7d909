using System.Globalization;
using System.Text;

namespace GroupExport.Tests.Server;

/// <summary>HTTP/1.1 on one connection, as plain as it goes.</summary>
internal sealed class Wire(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next request; null when the client has closed the connection.</summary>
    public async Task<Arrival?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await ReadLineAsync(cancellationToken) is not { Length: > 0 } requestLine)
        {
            return null;
        }

        string[] words = requestLine.Split(' ');
        List<KeyValuePair<string, string>> headers = [];
        while (await ReadLineAsync(cancellationToken) is { Length: > 0 } line)
        {
            int colon = line.IndexOf(':');
            headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }

        Arrival head = new(words[0], words[1], headers, []);
        byte[] body = new byte[int.Parse(head.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture)];
        for (int i = 0; i < body.Length; i++)
        {
            body[i] = (byte)await ReadByteAsync(cancellationToken);
        }

        return head with { Body = body };
    }

    /// <summary>Sends an answer; says whether the connection goes on.</summary>
    public async Task<bool> WriteAsync(Answer answer, CancellationToken cancellationToken)
    {
        await answer.After.WaitAsync(cancellationToken);
        if (answer.HangsUp)
        {
            return false;
        }

        int sent = answer.CutAt ?? answer.StallAt ?? answer.Body.Length;
        await stream.WriteAsync(Encoding.Latin1.GetBytes(Head(answer)), cancellationToken);
        if (answer.Chunked)
        {
            string size = sent == 0 ? "" : sent.ToString("x", CultureInfo.InvariantCulture) + "\r\n";
            await stream.WriteAsync(Encoding.Latin1.GetBytes(size), cancellationToken);
        }

        await stream.WriteAsync(answer.Body.AsMemory(0, sent), cancellationToken);
        if (answer.Chunked)
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(sent == 0 ? "0\r\n\r\n" : "\r\n0\r\n\r\n"), cancellationToken);
        }

        await stream.FlushAsync(cancellationToken);
        if (answer.StallAt is not null)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return answer.CutAt is null && !answer.CloseDelimited;
    }

    private static string Head(Answer answer)
    {
        StringBuilder head = new($"HTTP/1.1 {answer.Status} Scripted\r\n");
        foreach ((string name, string value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append(answer switch
        {
            { CloseDelimited: true } => "Connection: close",
            { Chunked: true } => "Transfer-Encoding: chunked",
            _ => $"Content-Length: {answer.Body.Length}",
        });
        return head.Append("\r\n\r\n").ToString();
    }

    private async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        List<byte> line = [];
        int next;
        while ((next = await ReadByteAsync(cancellationToken)) is not (-1 or '\n'))
        {
            line.Add((byte)next);
        }

        return next == -1 && line.Count == 0 ? null : Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
    }

    private async ValueTask<int> ReadByteAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await stream.ReadAsync(_buffer, cancellationToken);
            if (_end == 0)
            {
                return -1;
            }
        }

        return _buffer[_start++];
    }
}
