using System.Net.Http.Headers;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>Represents what tells a Binary resource that carries a file from one that is the content of the file.</summary>
/// <param name="ExpectedType">The resource type of the file; null when any will do.</param>
/// <param name="IsNdjsonAnswer">Whether the answer is NDJSON by its Content-Type.</param>
internal sealed record WrapperRule(string? ExpectedType, bool IsNdjsonAnswer)
{
    private const string Binary = "Binary";

    public static WrapperRule For(ExportFile file, MediaTypeHeaderValue? answer) => new(LineScans.ExpectedType(file), IsNdjson(answer?.MediaType));

    /// <summary>Determines whether a Binary resource carries the file.</summary>
    /// <remarks>
    /// Where resources of another type are expected, a Binary can be nothing else. Where they are Binary themselves, or may be, it has to say that it
    /// holds NDJSON; and where they are Binary, the answer has to be a resource and no NDJSON.
    /// </remarks>
    /// <param name="contentType">Its contentType; null when it states none.</param>
    public bool Allows(string? contentType) => ExpectedType switch
    {
        null => IsNdjson(contentType),
        Binary => IsNdjson(contentType) && !IsNdjsonAnswer,
        _ => true,
    };

    private static bool IsNdjson(string? mediaType) =>
        mediaType is not null && (mediaType.Contains("ndjson", StringComparison.OrdinalIgnoreCase) || mediaType.Contains("jsonl", StringComparison.OrdinalIgnoreCase));
}
