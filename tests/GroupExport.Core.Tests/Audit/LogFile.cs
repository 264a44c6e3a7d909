using System.Text.Json.Nodes;
using GroupExport.Audit;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;

namespace GroupExport.Tests.Audit;

/// <summary>An audit log of a test.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<AuditLog> _open = [];

    public string Path => _folder.File("log.ndjson");

    /// <summary>What was reported after it was logged.</summary>
    public Reports Reports { get; init; } = new();

    public IReadOnlyList<JsonObject> Lines => [.. File.ReadAllLines(Path).Select(line => JsonNode.Parse(line)!.AsObject())];

    public IReadOnlyList<string> EventIds => [.. Lines.Select(line => (string)line["eventId"]!)];

    /// <summary>The details of all events of a kind.</summary>
    public IReadOnlyList<JsonObject> Of(string eventId) => [.. Lines.Where(line => (string)line["eventId"]! == eventId).Select(line => line["eventDetail"]!.AsObject())];

    /// <summary>The details of the one event of a kind.</summary>
    public JsonObject The(string eventId) => Assert.Single(Of(eventId));

    /// <summary>Logs what is reported of a job, as a process of its own would.</summary>
    public Action<ExportEvent> Watch(GroupExportConnection connection, ExportJob? job) => Trail(connection, job).Take;

    /// <summary>The same for who goes on with what was logged already.</summary>
    public Action<ExportEvent> WatchWithManifest(GroupExportConnection connection, ExportJob? job) => Trail(connection, job).WithManifestKnown().Take;

    private AuditTrail Trail(GroupExportConnection connection, ExportJob? job)
    {
        AuditLog log = AuditLog.Open(Path, Reports.Add);
        _open.Add(log);
        return new AuditTrail(log, connection, job, Reports.Add);
    }

    public void Dispose()
    {
        _open.ForEach(log => log.Dispose());
        _folder.Dispose();
    }
}
