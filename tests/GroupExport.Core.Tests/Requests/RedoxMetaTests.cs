using System.Text.Json.Nodes;
using GroupExport.Connections;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Requests;

/// <summary>The envelope of a Redox message, field by field.</summary>
public sealed class RedoxMetaTests
{
    private const string SourceId = "7ce6f387-c33c-417d-8682-81e83628cbd9";
    private const string DestinationId = "af394f14-b34a-464f-8d24-895f370af4c9";

    private static readonly Dictionary<string, (RedoxEnvelope Envelope, string Field, string? Expected)> s_fields = new()
    {
        ["the data model"] = (new(), "DataModel", "\"FHIR Bulk Data Access\""),
        ["the event type"] = (new(), "EventType", "\"group-export\""),
        ["the time of sending, in UTC"] = (new(), "EventDateTime", "\"2026-11-23T04:05:06Z\""),
        ["a time that is given"] = (new() { EventDateTime = "2026-11-01T00:00:00+02:00" }, "EventDateTime", "\"2026-11-01T00:00:00+02:00\""),
        ["a test"] = (new() { Test = true }, "Test", "true"),
        ["explicitly no test"] = (new() { Test = false }, "Test", "false"),
        ["no word about a test"] = (new(), "Test", null),
        ["a source with id and name"] = (new() { Source = new(SourceId, "EHR") }, "Source", $$"""{"ID":"{{SourceId}}","Name":"EHR"}"""),
        ["a source with an id"] = (new() { Source = new(SourceId, null) }, "Source", $$"""{"ID":"{{SourceId}}"}"""),
        ["a source with a name"] = (new() { Source = new(null, "EHR") }, "Source", """{"Name":"EHR"}"""),
        ["no source"] = (new(), "Source", null),
        ["the slug as destination"] = (new(), "Destinations", """[{"Name":"redox-fhir-sandbox"}]"""),
        ["one destination"] = (new() { Destinations = [new(DestinationId, "Lab")] }, "Destinations", $$"""[{"ID":"{{DestinationId}}","Name":"Lab"}]"""),
        ["several destinations"] = (
            new() { Destinations = [new(DestinationId, null), new(null, "Archive")] },
            "Destinations",
            $$"""[{"ID":"{{DestinationId}}"},{"Name":"Archive"}]"""),
        ["one log"] = (new() { Logs = [new("l1", "a1")] }, "Logs", """[{"ID":"l1","AttemptID":"a1"}]"""),
        ["several logs"] = (new() { Logs = [new("l1", null), new(null, "a2")] }, "Logs", """[{"ID":"l1"},{"AttemptID":"a2"}]"""),
        ["no logs"] = (new(), "Logs", null),
        ["a facility"] = (new() { FacilityCode = "NORTH" }, "FacilityCode", "\"NORTH\""),
        ["no facility"] = (new(), "FacilityCode", null),
    };

    public static TheoryData<string> Fields => [.. s_fields.Keys];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Meta_carries(string name)
    {
        (RedoxEnvelope envelope, string field, string? expected) = s_fields[name];

        JsonObject meta = await MetaOfAsync(envelope);

        Assert.Equal(expected is not null, meta.ContainsKey(field));
        Sent.AssertJson(expected ?? "null", meta[field]);
    }

    [Fact]
    public async Task Without_more_Meta_has_four_fields()
    {
        JsonObject meta = await MetaOfAsync(new());

        Assert.Equal(["DataModel", "Destinations", "EventDateTime", "EventType"], meta.Select(field => field.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_source_and_destinations_of_the_connection_stand_in_for_missing_ones()
    {
        JsonObject meta = await MetaOfAsync(new(), settings => settings with
        {
            Source = new(SourceId, "EHR"),
            Destinations = [new(DestinationId, null), new(null, "Archive")],
        });

        Sent.AssertJson($$"""{"ID":"{{SourceId}}","Name":"EHR"}""", meta["Source"]);
        Sent.AssertJson($$"""[{"ID":"{{DestinationId}}"},{"Name":"Archive"}]""", meta["Destinations"]);
    }

    [Fact]
    public async Task A_source_and_destinations_of_the_request_win_over_those_of_the_connection()
    {
        RedoxEnvelope envelope = new() { Source = new(null, "Mine"), Destinations = [new(null, "There")] };

        JsonObject meta = await MetaOfAsync(envelope, settings => settings with { Source = new(SourceId, "EHR"), Destinations = [new(DestinationId, null)] });

        Sent.AssertJson("""{"Name":"Mine"}""", meta["Source"]);
        Sent.AssertJson("""[{"Name":"There"}]""", meta["Destinations"]);
    }

    [Fact]
    public async Task A_GET_carries_the_same_envelope()
    {
        ExportRequest request = new() { GroupId = "g", Envelope = new() { Test = false, FacilityCode = "NORTH" } };

        Arrival post = await Sent.ArrivalOfAsync(request, TestConnections.Redox);
        Arrival get = await Sent.ArrivalOfAsync(request with { Method = KickOffMethod.Get }, TestConnections.Redox);

        Assert.Equal(post.BodyText, get.BodyText);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_plain_FHIR_server_gets_no_envelope(int specVersion)
    {
        ExportRequest request = new()
        {
            GroupId = "g",
            Envelope = new() { Test = true, FacilityCode = "NORTH", Source = new(SourceId, "EHR"), Destinations = [new(DestinationId, "Lab")], Logs = [new("l1", "a1")] },
        };

        Arrival arrival = await Sent.ArrivalOfAsync(request, server => TestConnections.Fhir(server, specVersion));

        Assert.Equal("/r4/Group/g/$export", arrival.Target);
        Assert.Equal(specVersion == 2 ? "" : """{"resourceType":"Parameters"}""", arrival.BodyText);
    }

    private static async Task<JsonObject> MetaOfAsync(RedoxEnvelope envelope, Func<ConnectionSettings, ConnectionSettings>? adjust = null)
    {
        ExportRequest request = new() { GroupId = "g", Envelope = envelope };
        Arrival arrival = await Sent.ArrivalOfAsync(request, server => (adjust ?? (settings => settings))(TestConnections.Redox(server)));
        return arrival.Json["Meta"]!.AsObject();
    }
}
