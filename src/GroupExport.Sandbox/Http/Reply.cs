namespace GroupExport.Sandbox.Http;

/// <summary>What an endpoint answers; sent by <see cref="ReplySender"/>.</summary>
internal sealed record Reply(int Status)
{
    public const string Json = "application/json";
    public const string FhirJson = "application/fhir+json";
    public const string Ndjson = "application/fhir+ndjson";

    private readonly long? _count;

    public string? ContentType { get; init; }

    public ByteSegments Body { get; init; } = ByteSegments.Empty;

    /// <summary>Where in <see cref="Body"/> the answer begins.</summary>
    public long Offset { get; init; }

    /// <summary>How many bytes are sent: all of the body unless said otherwise.</summary>
    public long Count
    {
        get => _count ?? Body.Length;
        init => _count = value;
    }

    /// <summary>True for HEAD: the length is announced, the body is not sent.</summary>
    public bool HeadersOnly { get; init; }

    public int? BytesPerSecond { get; init; }

    /// <summary>After how many bytes of the body nothing more comes, though <see cref="Count"/> were promised; null when all of them come.</summary>
    public long? EndsAfter { get; init; }

    /// <summary>True when the connection stays open after <see cref="EndsAfter"/>; else it is cut.</summary>
    public bool Stalls { get; init; }

    /// <summary>How long it is held back.</summary>
    public TimeSpan HeldBack { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static Reply WithJson(int status, string contentType, ReadOnlyMemory<byte> json) =>
        new(status) { ContentType = contentType, Body = new ByteSegments(json) };

    public Reply With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };
}
