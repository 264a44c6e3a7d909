using System.IO.Compression;
using System.Text;

namespace GroupExport.Tests.Server;

/// <summary>What the server says to one request, faults of the wire included.</summary>
internal sealed record Answer
{
    public int Status { get; init; } = 200;

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>How many bytes of the body are sent before the connection is cut; null sends it all.</summary>
    public int? CutAt { get; init; }

    /// <summary>How many bytes of the body are sent before nothing more comes; null sends it all.</summary>
    public int? StallAt { get; init; }

    /// <summary>Whether the body is sent as one chunk of unstated length; a body cut off in this form ends properly, only too early.</summary>
    public bool Chunked { get; init; }

    /// <summary>Whether the end of the connection is the end of the body, and nothing else tells it (RFC 9112, 6.3).</summary>
    public bool CloseDelimited { get; init; }

    /// <summary>Whether the connection is closed without a word.</summary>
    public bool HangsUp { get; init; }

    /// <summary>Gets what must have happened before the answer is sent.</summary>
    public Task After { get; init; } = Task.CompletedTask;

    public static Answer HangUp { get; } = new() { HangsUp = true };

    public static Answer Plain(int status, string body = "", string contentType = "text/plain") =>
        new Answer { Status = status, Body = Encoding.UTF8.GetBytes(body) }.With("Content-Type", contentType);

    public static Answer Json(string body, int status = 200) => Plain(status, body, "application/json");

    public static Answer Outcome(int status, string text, string code = "invalid", string severity = "error") => Plain(
        status,
        $$$"""{"resourceType":"OperationOutcome","issue":[{"severity":"{{{severity}}}","code":"{{{code}}}","details":{"text":"{{{text}}}"}}]}""",
        "application/fhir+json");

    /// <summary>202 with a status URL.</summary>
    public static Answer Accepted(string contentLocation) => new Answer { Status = 202 }.With("Content-Location", contentLocation);

    /// <summary>202 while the export runs.</summary>
    public static Answer Running(string? retryAfter = null, string? progress = null)
    {
        Answer answer = new() { Status = 202 };
        answer = retryAfter is null ? answer : answer.With("Retry-After", retryAfter);
        return progress is null ? answer : answer.With("X-Progress", progress);
    }

    public static Answer Redirect(int status, string location) => new Answer { Status = status }.With("Location", location);

    public static Answer Ndjson(string body) => Plain(200, body, "application/fhir+ndjson");

    public static Answer Ndjson(byte[] body) => new Answer { Body = body }.With("Content-Type", "application/fhir+ndjson");

    public static Answer Gzip(string body) => Ndjson(Zipped(body)).With("Content-Encoding", "gzip");

    public static byte[] Zipped(string text)
    {
        using MemoryStream zipped = new();
        using (GZipStream gzip = new(zipped, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return zipped.ToArray();
    }

    public Answer With(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}
