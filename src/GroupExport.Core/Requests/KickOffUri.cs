using GroupExport.Connections;

namespace GroupExport.Requests;

/// <summary>Where a kick-off goes: <c>[base]/Group/[id]/$export</c> (Bulk Data Access, "Endpoint - Group of Patients"), or the name that a server of several versions gave the operation.</summary>
internal static class KickOffUri
{
    /// <summary>The URL; the <c>$</c> stays raw, as the standard writes it.</summary>
    public static Uri For(ExportRequest request, ConnectionSettings connection, string query = "") =>
        new($"{connection.FhirBase.AbsoluteUri}Group/{Uri.EscapeDataString(request.GroupId)}/${connection.ExportOperation}{query}");
}
