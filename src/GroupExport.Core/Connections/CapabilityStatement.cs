using System.Text.Json;
using GroupExport.Json;

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

    /// <summary>Whether an export operation on Group is named.</summary>
    public bool HasGroupExport => GroupExports.Count > 0;

    /// <summary>Returns the statement; null when the text is not one.</summary>
    public static CapabilityStatement? Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument? document = LenientJson.TryParse(json);
        return document?.RootElement is { } root && root.Text("resourceType") == "CapabilityStatement"
            ? new CapabilityStatement(
                [.. root.Items("rest").SelectMany(Exports)],
                [.. root.Texts("instantiates").Concat(root.Texts("implementationGuide")).Where(IsGuide).Select(GroupExportOperation.MajorVersion).OfType<int>()])
            {
                Software = SoftwareOf(root),
                Searches = ServerSearches.Read(root.Items("rest")),
            }
            : null;
    }

    private static IEnumerable<GroupExportOperation> Exports(JsonElement rest) =>
        rest.Items("resource").Where(resource => resource.Text("type") == "Group").SelectMany(group => group.Items("operation"))
            .Select(operation => (Operation: operation, OnGroup: true))
            .Concat(rest.Items("operation").Select(operation => (Operation: operation, OnGroup: false)))
            .Select(named => GroupExportOperation.Of(named.Operation.Text("name"), named.Operation.Text("definition"), named.OnGroup))
            .OfType<GroupExportOperation>();

    private static ServerSoftware SoftwareOf(JsonElement root)
    {
        JsonElement software = root.Member("software");
        return new ServerSoftware(software.Text("name"), software.Text("version"), software.Text("releaseDate"), root.Text("fhirVersion"));
    }

    /// <summary>Its capability statement, its implementation guide, or the bare guide, as it was once told to be named.</summary>
    private static bool IsGuide(string canonical) => canonical.Contains("/uv/bulkdata", StringComparison.Ordinal);
}
