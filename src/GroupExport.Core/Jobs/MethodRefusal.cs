using System.Net;
using GroupExport.Connections;
using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>
/// What is left to do at a server that does not take the method of a kick-off: versions 2 and 3 of Bulk Data Access leave POST open to servers,
/// version 4 has no GET ("Bulk Data Kick-off Request").
/// </summary>
internal static class MethodRefusal
{
    /// <summary>Whether the method may be what is refused: 404, 405 and 415 are what servers say to a verb or a body that they do not know.</summary>
    public static bool MayBe(int statusCode, KickOffMessage message) =>
        (HttpStatusCode)statusCode is HttpStatusCode.MethodNotAllowed
        || (message.Method == HttpMethod.Post && (HttpStatusCode)statusCode is HttpStatusCode.NotFound or HttpStatusCode.UnsupportedMediaType);

    /// <summary>The alternative, in a sentence.</summary>
    public static string Alternative(ExportRequest request, KickOffMessage message, ConnectionSettings connection)
    {
        if (message.Method == HttpMethod.Get)
        {
            return $"A server that knows only POST wants {(connection.Style == RequestStyle.Redox ? "-Method Post" : "a connection with -SpecVersion 4, or -Method Post")}.";
        }

        string? get = connection switch
        {
            { Style: RequestStyle.Redox } => "-Method Get",
            { Style: RequestStyle.FhirParameters } => "a connection with -RequestStyle FhirQuery",
            { SpecVersion: >= 4 } => "a connection with -SpecVersion 3 (or 2)",
            _ => request.Method == KickOffMethod.Post ? "the kick-off without -Method" : null,
        };
        return request.Patients.Count == 0
            ? $"A server that knows only GET wants {get}."
            : $"A server that knows only GET cannot restrict an export to patients: it wants {(get is null ? "no patients" : $"{get}, and no patients")}.";
    }
}
