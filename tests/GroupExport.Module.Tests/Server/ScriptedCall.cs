using System.Text;

namespace GroupExport.ModuleTests.Server;

/// <summary>A request as it arrived at a <see cref="ScriptedServer"/>.</summary>
internal sealed record ScriptedCall(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The segments of the path, also where a proxy is asked for a whole URL.</summary>
    public string[] Path => new Uri(new Uri("http://localhost/"), Target).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All of it, with what was percent-encoded in plain too.</summary>
    public string Text
    {
        get
        {
            string text = $"{Target}\n{string.Join('\n', Headers.Select(header => $"{header.Key}: {header.Value}"))}\n{Body}";
            return $"{text}\n{Uri.UnescapeDataString(text)}";
        }
    }
}

/// <summary>What a <see cref="ScriptedServer"/> says to a request.</summary>
internal sealed record ScriptedReply(int Status, string Body = "", string ContentType = "application/json")
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>An answer with one more header.</summary>
    public ScriptedReply With(string name, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [name] = value } };

    public byte[] ToBytes()
    {
        byte[] body = Encoding.UTF8.GetBytes(Body);
        StringBuilder head = new($"HTTP/1.1 {Status} Scripted\r\nContent-Length: {body.Length}\r\nContent-Type: {ContentType}\r\nConnection: close\r\n");
        foreach ((string name, string value) in Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body];
    }
}
