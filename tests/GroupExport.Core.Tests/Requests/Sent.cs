using System.Text.Json.Nodes;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Requests;

/// <summary>Sends kick-offs and gives back what arrived.</summary>
internal static class Sent
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 23, 5, 5, 6, TimeSpan.FromHours(1));

    /// <summary>The one request that arrived.</summary>
    public static async Task<Arrival> ArrivalOfAsync(ExportRequest request, Func<RecordingServer, ConnectionSettings> connect)
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"));
        using GroupExportConnection connection = connect(server).Open();
        KickOffAnswer answer = await KickOff.SendAsync(connection, request, KickOffWriter.Write(request, connection.Settings, Now), CancellationToken.None);
        Assert.Null(answer.Failure);
        return Assert.Single(server.Arrivals);
    }

    /// <summary>The refusal of a request that must not be sent; asserts that nothing arrived.</summary>
    public static async Task<ExportException> RefusalOfAsync(ExportRequest request, Func<RecordingServer, ConnectionSettings> connect)
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"));
        using GroupExportConnection connection = connect(server).Open();
        ExportException refusal = await Assert.ThrowsAsync<ExportException>(() =>
            KickOff.SendAsync(connection, request, KickOffWriter.Write(request, connection.Settings, Now), CancellationToken.None));
        Assert.Empty(server.Arrivals);
        return refusal;
    }

    public static void AssertJson(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected {expected} but was {actual?.ToJsonString() ?? "nothing"}");

    /// <summary>All headers by name; fails when one came twice.</summary>
    public static SortedDictionary<string, string> Headers(Arrival arrival) => new(arrival.Headers.ToDictionary(header => header.Key, header => header.Value), StringComparer.Ordinal);
}
