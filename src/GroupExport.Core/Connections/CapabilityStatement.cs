using System.Text.Json;
using static GroupExport.Connections.StatementJson;

namespace GroupExport.Connections;

/// <summary>What a server says about itself at <c>metadata</c> (FHIR R4, CapabilityStatement), as far as an export wants to know.</summary>
/// <param name="GroupExports">The export operations on Group that are named, by their names or their definitions (Bulk Data Access, conformance).</param>
/// <param name="GuideVersions">The major versions of Bulk Data Access that the server says it follows as a whole.</param>
internal sealed record CapabilityStatement(IReadOnlyList<GroupExportOperation> GroupExports, IReadOnlyList<int> GuideVersions)
{
    /// <summary>What the server says it runs.</summary>
    public ServerSoftware Software { get; init; } = ServerSoftware.Unknown;

    /// <summary>The search parameters that it lists.</summary>
    public ServerSearches Searches { get; init; } = ServerSearches.Unknown;

    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Whether an export operation on Group is named.</summary>
    public bool HasGroupExport => GroupExports.Count > 0;

    /// <summary>Null when the text is none.</summary>
    public static CapabilityStatement? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json.Span.StartsWith(s_byteOrderMark) ? json[s_byteOrderMark.Length..] : json);
            JsonElement root = document.RootElement;
            return Text(root, "resourceType") == "CapabilityStatement"
                ? new CapabilityStatement(
                    [.. Items(root, "rest").SelectMany(Exports)],
                    [.. Texts(root, "instantiates").Concat(Texts(root, "implementationGuide")).Where(IsGuide).Select(GroupExportOperation.MajorVersion).OfType<int>()])
                {
                    Software = SoftwareOf(root),
                    Searches = ServerSearches.Read(Items(root, "rest")),
                }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<GroupExportOperation> Exports(JsonElement rest) =>
        Items(rest, "resource").Where(resource => Text(resource, "type") == "Group").SelectMany(group => Items(group, "operation"))
            .Select(operation => (Operation: operation, OnGroup: true))
            .Concat(Items(rest, "operation").Select(operation => (Operation: operation, OnGroup: false)))
            .Select(named => GroupExportOperation.Of(Text(named.Operation, "name"), Text(named.Operation, "definition"), named.OnGroup))
            .OfType<GroupExportOperation>();

    private static ServerSoftware SoftwareOf(JsonElement root)
    {
        JsonElement software = root.TryGetProperty("software", out JsonElement named) ? named : default;
        return new ServerSoftware(Text(software, "name"), Text(software, "version"), Text(software, "releaseDate"), Text(root, "fhirVersion"));
    }

    /// <summary>Its capability statement, its implementation guide, or the bare guide, as it was once told to be named.</summary>
    private static bool IsGuide(string canonical) => canonical.Contains("/uv/bulkdata", StringComparison.Ordinal);
}
