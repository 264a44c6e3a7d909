using System.Text;
using GroupExport.Http;

namespace GroupExport.Requests;

/// <summary>A kick-off as it goes over the wire.</summary>
internal sealed record KickOffMessage(HttpMethod Method, Uri Uri, byte[]? Body, string? ContentType)
{
    /// <summary>Whether the server may leave out what it cannot do.</summary>
    public bool IsLenient { get; init; }

    public string Preference => IsLenient ? "respond-async, handling=lenient" : "respond-async";

    public HttpRequestMessage ToHttp()
    {
        HttpRequestMessage message = new(Method, Uri);
        message.Headers.TryAddWithoutValidation("Accept", "application/fhir+json");
        message.Headers.TryAddWithoutValidation("Prefer", Preference);
        message.Headers.TryAddWithoutValidation("Cache-Control", "no-cache");

        // HttpClient repeats a request without content on a connection that closes, which would start a second export; it does not repeat one with empty content.
        message.Content = new ByteArrayContent(Body ?? []);
        if (ContentType is not null)
        {
            message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        return message.WithToken(TokenRule.OwnOrigin);
    }

    /// <summary>Verb, path and body size: nothing of what is asked for.</summary>
    public override string ToString() => $"{Method} {ShownUri.Of(Uri)}";

    public string BodyText => Body is null ? "" : Encoding.UTF8.GetString(Body);
}
