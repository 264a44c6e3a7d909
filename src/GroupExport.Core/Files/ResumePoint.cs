using System.Net;
using System.Net.Http.Headers;

namespace GroupExport.Files;

/// <summary>What is known of a part that holds the beginning of an answer as it came over the wire (RFC 9110, 13.1.5 and 14).</summary>
/// <param name="Validator">The strong ETag of the answer.</param>
/// <param name="Encoding">The form of the part: <see cref="Identity"/>, <see cref="Gzip"/> or <see cref="GzipObject"/>.</param>
/// <param name="Length">Its length on the wire; null when it did not say.</param>
internal sealed record ResumePoint(string Validator, string Encoding, long? Length)
{
    public const string Identity = "identity";
    public const string Gzip = "gzip";

    /// <summary>Gzip that the answer does not call so: an object that was stored as gzip.</summary>
    public const string GzipObject = "gzip-object";

    /// <summary>Gets the content encoding of the answer.</summary>
    public string WireEncoding => Encoding == GzipObject ? Identity : Encoding;

    /// <summary>What an earlier run wrote down; null when the part is of another form than is wanted now.</summary>
    public static ResumePoint? Of(ReceiptEntry entry, bool compress) =>
        entry is { Validator: { } validator, PartEncoding: { } encoding } && (encoding is Gzip or GzipObject) == compress ? new ResumePoint(validator, encoding, entry.AnswerBytes) : null;

    /// <summary>Null for an answer that has no strong validator: nobody could say that the rest is of the same one.</summary>
    public static ResumePoint? Of(HttpResponseMessage response, string encoding) =>
        StrongTag(response) is { } tag ? new ResumePoint(tag, encoding, response.Content.Headers.ContentLength) : null;

    /// <summary>The content encoding of an answer, in one word.</summary>
    public static string EncodingOf(HttpResponseMessage response) => string.Join(',', response.Content.Headers.ContentEncoding).ToLowerInvariant() switch
    {
        "" => Identity,
        "x-gzip" => Gzip,
        string encoding => encoding,
    };

    public void AskForRest(HttpRequestMessage request, long offset)
    {
        request.Headers.Range = new RangeHeaderValue(offset, null);
        request.Headers.TryAddWithoutValidation("If-Range", Validator);
    }

    /// <summary>Whether an answer is of the rest of the same one, from just where the part ends. How far it goes is the server's choice (RFC 9110, 15.3.7).</summary>
    public bool Fits(HttpResponseMessage response, long offset) =>
        response.StatusCode == HttpStatusCode.PartialContent
        && StrongTag(response) == Validator
        && EncodingOf(response) == WireEncoding
        && response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from, Length: { } length }
        && from == offset
        && length == (Length ?? length);

    private static string? StrongTag(HttpResponseMessage response) => response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
}
