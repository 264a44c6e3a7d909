using GroupExport.Connections;
using GroupExport.Fhir;
using GroupExport.Http;
using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>What a server says of a job, as it may be shown: without Patient references, queries of URLs, what the kick-off told about patients, and what the connection sends in confidence.</summary>
/// <param name="connection">Null where none is open.</param>
/// <param name="sent">Null where the kick-off was sent by another process.</param>
internal sealed class ServerWords(GroupExportConnection? connection, SentValues? sent)
{
    public string Mask(string words)
    {
        string masked = ShownUri.InText(sent?.Mask(words) ?? words);
        return connection?.Mask(masked) ?? PatientReference.Mask(masked);
    }
}
