using GroupExport.Connections;

namespace GroupExport.Tests.Server;

/// <summary>Connections to a recording server.</summary>
internal static class TestConnections
{
    public const string Slug = "redox-fhir-sandbox";

    public static ConnectionSettings Redox(RecordingServer server) => new()
    {
        FhirBase = ConnectionSettings.RedoxBase(server.Root, Slug, "Development"),
        DestinationSlug = Slug,
        EnvironmentFlag = "Development",
        Style = RequestStyle.Redox,
    };

    public static ConnectionSettings Fhir(RecordingServer server, int specVersion = 2, RequestStyle? style = null) => new()
    {
        FhirBase = ConnectionSettings.CheckedServer(new Uri(server.Root, "r4")),
        SpecVersion = specVersion,
        Style = style,
    };

    public static GroupExportConnection Open(this ConnectionSettings settings) => new(settings);
}
