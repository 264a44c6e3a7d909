using GroupExport.Connections;

namespace GroupExport.Requests;

/// <summary>What is worth saying of requests before they are sent: what the server may not know, and what has no effect. Values are not shown.</summary>
internal static class RequestCautions
{
    /// <param name="requests">Requests that differ by group, patients and types only.</param>
    /// <param name="connection">The connection they are written for, once its version is known.</param>
    public static IEnumerable<string> Of(IReadOnlyList<ExportRequest> requests, ConnectionSettings connection)
    {
        if (requests.Count == 0)
        {
            return [];
        }

        // Redox lists its parameters itself, whatever version they come from.
        int? version = connection.Style == RequestStyle.Redox ? null : connection.SpecVersion;
        ExportRequest one = requests[0];
        return new[]
        {
            IdleElements(requests),
            Nested(one),
            SystemsNotSent(one, connection),
            version == 2 ? NewerThan2(one) : null,
            version == 2 ? FiltersWithoutTypes(requests) : null,
            version == 2 ? FiltersWithCommas(one) : null,
        }.OfType<string>().Concat(one.IncludeAssociatedData.Select(value => AssociatedData.Read(value).Caution).OfType<string>());
    }

    private static string? IdleElements(IReadOnlyList<ExportRequest> requests)
    {
        string[] named = [.. requests[0].Elements.Select(element => ElementPath.Read(element).Type).OfType<string>().Distinct()];
        string[] idle = [.. requests.Where(request => request.Types.Count > 0).SelectMany(request => named.Except(request.Types)).Distinct()];
        return idle.Length == 0 ? null : $"There are elements of {string.Join(", ", idle)}, but the export is not of that type, so they have no effect. Name the type with -Type, or leave the element out.";
    }

    private static string? Nested(ExportRequest request)
    {
        string[] nested = [.. request.Elements.Select(ElementPath.Read).Where(element => element.IsNested).Select(element => element.Text)];
        return nested.Length == 0 ? null : $"These elements are no root elements, which are all that servers have to know: {string.Join(", ", nested)}. Name the element that they are in.";
    }

    private static string? SystemsNotSent(ExportRequest request, ConnectionSettings connection)
    {
        bool sendsCodings = connection.Style != RequestStyle.Redox && connection.SpecVersion >= 4;
        string[] dropped = sendsCodings ? [] : [.. request.IncludeAssociatedData.Where(value => value.Contains('|')).Select(value => AssociatedData.Read(value).Code)];
        return dropped.Length == 0 ? null : $"Before version 4 of Bulk Data Access a preset is a code alone, so these are sent without their system: {string.Join(", ", dropped)}.";
    }

    private static string? NewerThan2(ExportRequest request)
    {
        string[] newer = [.. new (string Name, bool Given)[]
        {
            ("_until", request.Until is not null),
            ("organizeOutputBy", request.OrganizeOutputBy is not null),
            ("allowPartialManifests", request.AllowPartialManifests == true),
        }.Where(parameter => parameter.Given).Select(parameter => parameter.Name)];
        return newer.Length == 0 ? null : $"The request is written for version 2 of Bulk Data Access, which does not have {string.Join(", ", newer)}: the server may refuse the request, or pass over what it does not know and export more. Connect with -SpecVersion if it speaks another version.";
    }

    private static string? FiltersWithoutTypes(IReadOnlyList<ExportRequest> requests) =>
        requests[0].TypeFilters.Count > 0 && requests.Any(request => request.Types.Count == 0)
            ? "There are type filters and no types. In version 2 of Bulk Data Access filters stand beside -Type, and without it servers may refuse them or pass over them. Name every type to export, filtered or not."
            : null;

    private static string? FiltersWithCommas(ExportRequest request)
    {
        int[] places = [.. request.TypeFilters.Select((filter, index) => (filter, place: index + 1)).Where(one => one.filter.Contains(',')).Select(one => one.place)];
        return places.Length == 0 ? null : $"Type filter {string.Join(", ", places)} holds a comma, at which servers of version 2 of Bulk Data Access may take it apart. Write a filter for each of the values instead: Observation?code=a and Observation?code=b are OR-ed.";
    }
}
