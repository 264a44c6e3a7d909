using GroupExport.Connections;

namespace GroupExport.Requests;

/// <summary>GET with a query string (Bulk Data Access 1 to 3, "Query Parameters").</summary>
internal static class FhirQueryStyle
{
    public static KickOffMessage Write(ExportRequest request, ConnectionSettings connection) =>
        new(HttpMethod.Get, KickOffUri.For(request, connection, Query(request)), Body: null, ContentType: null);

    /// <summary>The query with its question mark; empty when nothing is asked for. A plus sign becomes <c>%2B</c>: servers read a bare one as a space.</summary>
    public static string Query(ExportRequest request)
    {
        List<string> pairs = [];
        Add("_outputFormat", request.OutputFormat);
        Add("_since", request.Since);
        Add("_until", request.Until);
        AddJoined("_type", request.Types);
        AddJoined("_elements", request.Elements);
        AddJoined("includeAssociatedData", [.. request.IncludeAssociatedData.Select(preset => AssociatedData.Read(preset).Code)]);
        foreach (string filter in request.TypeFilters)
        {
            Add("_typeFilter", filter);
        }

        Add("organizeOutputBy", request.OrganizeOutputBy);
        Add("allowPartialManifests", request.AllowPartialManifests is { } allow ? (allow ? "true" : "false") : null);
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                pairs.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }

        void AddJoined(string name, IReadOnlyList<string> values)
        {
            if (values.Count > 0)
            {
                pairs.Add($"{name}={string.Join(',', values.Select(Uri.EscapeDataString))}");
            }
        }
    }
}
