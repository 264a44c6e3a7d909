using System.Collections.Concurrent;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>Jobs for tests, and ways to ask for them.</summary>
internal static class Exports
{
    /// <summary>Tries three times and does not wait in between.</summary>
    public static TransientRetry Impatient { get; } = new(3, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(24));

    public static ExportJob JobAt(RecordingServer server, string path = "status/1") => JobAt(server.Url(path));

    public static ExportJob JobAt(string statusUrl) => new()
    {
        StatusUrl = statusUrl,
        GroupId = "diabetes-2026",
        StartedAt = new DateTime(2026, 11, 23, 4, 0, 0, DateTimeKind.Utc),
        Types = ["Patient"],
        Parameters = ["_type"],
    };

    public static Task<ExportJob> KickOffAsync(GroupExportConnection connection, ExportRequest request, CancellationToken cancellationToken = default) =>
        KickOffAsync(connection, request, new KickOffOptions { Timeout = TimeSpan.Zero }, new Reports(), cancellationToken);

    public static Task<ExportJob> KickOffAsync(GroupExportConnection connection, ExportRequest request, KickOffOptions options, Reports reports, CancellationToken cancellationToken = default) =>
        new KickOffWait(connection, request, options, reports.Add).RunAsync(cancellationToken);

    /// <summary>The failure of a kick-off of group <c>g</c>.</summary>
    public static async Task<ExportException> KickOffFailureAsync(RecordingServer server, ExportRequest? request = null)
    {
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        return await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(connection, request ?? new ExportRequest { GroupId = "g" }));
    }

    /// <summary>Asks once.</summary>
    public static async Task<StatusAnswer> AskAsync(RecordingServer server, ExportJob? job = null, TimeProvider? clock = null)
    {
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock ?? TimeProvider.System }).Open();
        return await new StatusRequest(connection, job ?? JobAt(server), TimeSpan.FromHours(24), Impatient).SendAsync(_ => { }, CancellationToken.None);
    }

    /// <summary>The failure of asking once.</summary>
    public static Task<ExportException> AskFailureAsync(RecordingServer server) => Assert.ThrowsAsync<ExportException>(() => AskAsync(server));
}

/// <summary>Keeps what the engine reports.</summary>
internal sealed class Reports
{
    private readonly ConcurrentQueue<ExportEvent> _events = new();

    /// <summary>Called with each report, after it was kept.</summary>
    public Action<ExportEvent> OnReport { get; init; } = _ => { };

    public IReadOnlyList<ExportEvent> All => [.. _events];

    public IReadOnlyList<T> Of<T>()
        where T : ExportEvent => [.. _events.OfType<T>()];

    public void Add(ExportEvent happening)
    {
        _events.Enqueue(happening);
        OnReport(happening);
    }
}
