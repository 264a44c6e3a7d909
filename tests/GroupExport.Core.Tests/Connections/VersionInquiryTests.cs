using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Connections;

/// <summary>A FHIR server is asked once for its version, and nothing depends on its answer.</summary>
public sealed class VersionInquiryTests
{
    private static readonly Answer s_version4 = Statement("export", "4.0.0");

    [Fact]
    public async Task What_the_server_says_decides_verb_body_and_operation()
    {
        await using RecordingServer server = Server(Statement("export-v4", "4.0.0"));
        using GroupExportConnection connection = Open(server);
        Assert.Null(connection.SpecVersion);

        string? reason = await connection.LearnVersionAsync(CancellationToken.None);
        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g", Types = ["Patient", "Observation"] });

        Assert.Equal(4, connection.SpecVersion);
        Assert.Contains("version 4", reason, StringComparison.Ordinal);
        Assert.Contains("$export-v4", reason, StringComparison.Ordinal);
        Arrival kickOff = server.Arrivals[^1];
        Assert.Equal(("POST", "/r4/Group/g/$export-v4"), (kickOff.Verb, kickOff.Target));
        Assert.Equal(["Patient", "Observation"], kickOff.Json["parameter"]!.AsArray().Select(item => (string?)item!["valueString"]));
        Assert.Equal(server.Url("status/1"), job.StatusUrl);
    }

    [Fact]
    public async Task It_is_asked_once_however_many_want_to_know()
    {
        await using RecordingServer server = Server(s_version4);
        using GroupExportConnection connection = Open(server);

        string?[] reasons = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => connection.LearnVersionAsync(CancellationToken.None))));
        await connection.LearnVersionAsync(CancellationToken.None);

        Assert.Single(server.To("/r4/metadata"));
        Assert.Single(reasons.Distinct());
    }

    [Theory]
    [InlineData(404, "", "HTTP 404")]
    [InlineData(401, "", "HTTP 401")]
    [InlineData(500, "{}", "HTTP 500")]
    [InlineData(200, "<html>", "no CapabilityStatement")]
    [InlineData(200, "", "no CapabilityStatement")]
    [InlineData(200, """{"resourceType":"CapabilityStatement"}""", "names none")]
    public async Task A_server_that_does_not_say_is_taken_for_version_2_and_asked_no_more(int status, string body, string why)
    {
        await using RecordingServer server = Server(Answer.Json(body, status));
        using GroupExportConnection connection = Open(server);

        string? reason = await connection.LearnVersionAsync(CancellationToken.None);
        await connection.LearnVersionAsync(CancellationToken.None);

        Assert.Equal(2, connection.SpecVersion);
        Assert.Contains(why, reason, StringComparison.Ordinal);
        Assert.Contains("-SpecVersion", reason, StringComparison.Ordinal);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData(9.9, 4)]
    [InlineData(10.1, 2)]
    public async Task A_server_that_takes_more_than_ten_seconds_is_taken_for_version_2(double seconds, int specVersion)
    {
        FakeTimeProvider clock = new();
        await using RecordingServer server = new(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            return s_version4;
        });
        using GroupExportConnection connection = Open(server, settings => settings with { Clock = clock });

        string? reason = await connection.LearnVersionAsync(CancellationToken.None);

        Assert.Equal(specVersion, connection.SpecVersion);
        Assert.Equal(specVersion == 2, reason!.Contains("within 10 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_statement_that_stalls_is_waited_for_no_longer()
    {
        FakeTimeProvider clock = new();
        await using RecordingServer server = new(_ =>
        {
            Task.Delay(200).ContinueWith(_ => clock.Advance(TimeSpan.FromSeconds(10.1)), TaskScheduler.Default);
            return s_version4 with { StallAt = 3 };
        });
        using GroupExportConnection connection = Open(server, settings => settings with { Clock = clock });

        Assert.Contains("within 10 s", await connection.LearnVersionAsync(CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_gives_no_answer_is_asked_again_the_next_time()
    {
        bool answers = false;
        await using RecordingServer server = new(_ => answers ? s_version4 : Answer.HangUp);
        using GroupExportConnection connection = Open(server);

        Assert.Null(await connection.LearnVersionAsync(CancellationToken.None));
        Assert.Null(connection.SpecVersion);
        answers = true;
        await connection.LearnVersionAsync(CancellationToken.None);

        Assert.Equal(4, connection.SpecVersion);
    }

    [Fact]
    public async Task An_authorization_that_fails_is_left_for_the_kick_off_to_tell()
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/token" ? Answer.Json("""{"error":"invalid_client"}""", 401) : s_version4);
        using GroupExportConnection connection = Open(server, settings => settings with
        {
            TokenRetry = Exports.Impatient,
            TokenSettings = new TokenSettings(new ClientSecret("client", "secret"), settings.FhirBase, new Uri(server.Url("token")), null),
        });

        Assert.Null(await connection.LearnVersionAsync(CancellationToken.None));
        Assert.Null(connection.SpecVersion);
    }

    [Fact]
    public async Task The_question_carries_the_token_and_a_redirect_to_another_origin_does_not()
    {
        await using RecordingServer elsewhere = new(s_version4);
        await using RecordingServer server = new(Answer.Redirect(302, elsewhere.Url("metadata")));
        using GroupExportConnection connection = Open(server, settings => settings with { Tokens = new GivenToken("token"), Headers = new Dictionary<string, string> { ["X-Vendor"] = "v" } });

        await connection.LearnVersionAsync(CancellationToken.None);

        Arrival asked = Assert.Single(server.Arrivals);
        Assert.Equal(("Bearer token", "v", "application/fhir+json"), (asked.Header("Authorization"), asked.Header("X-Vendor"), asked.Header("Accept")));
        Arrival strange = Assert.Single(elsewhere.Arrivals);
        Assert.Equal((null, null), (strange.Header("Authorization"), strange.Header("X-Vendor")));
        Assert.Equal(4, connection.SpecVersion);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_leaves_the_question_to_the_others()
    {
        using CancellationTokenSource interrupt = new();
        using ManualResetEventSlim release = new();
        await using RecordingServer server = new(_ =>
        {
            interrupt.Cancel();
            release.Wait(TimeSpan.FromSeconds(5));
            return s_version4;
        });
        using GroupExportConnection connection = Open(server);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.LearnVersionAsync(interrupt.Token));
        release.Set();
        await connection.LearnVersionAsync(CancellationToken.None);

        Assert.Equal(4, connection.SpecVersion);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, null)]
    [InlineData(3, RequestStyle.FhirParameters)]
    [InlineData(null, RequestStyle.FhirQuery)]
    public async Task Nothing_is_asked_where_nothing_is_open(int? specVersion, RequestStyle? style)
    {
        await using RecordingServer server = Server(s_version4);
        using GroupExportConnection connection = Open(server, settings => settings with { SpecVersion = specVersion, Style = style });

        Assert.Null(await connection.LearnVersionAsync(CancellationToken.None));
        Assert.Equal(specVersion ?? 2, connection.SpecVersion);
        Assert.Empty(server.Arrivals);
    }

    [Theory]
    [InlineData(RequestStyle.Redox)]
    [InlineData(RequestStyle.FhirParameters)]
    public async Task A_Redox_destination_is_not_asked(RequestStyle style)
    {
        await using RecordingServer server = Server(s_version4);
        using GroupExportConnection connection = (TestConnections.Redox(server) with { Style = style }).Open();

        Assert.Null(await connection.LearnVersionAsync(CancellationToken.None));
        Assert.Equal(2, connection.SpecVersion);
        Assert.Empty(server.Arrivals);
    }

    [Theory]
    [InlineData("export-v4", "/r4/Group/g/$export-v4")]
    [InlineData("export", "/r4/Group/g/$export")]
    public async Task A_given_version_4_is_asked_only_for_the_name_of_its_operation(string name, string target)
    {
        await using RecordingServer server = Server(Statement(name, "4.0.0"));
        using GroupExportConnection connection = Open(server, settings => settings with { SpecVersion = 4 });

        await connection.LearnVersionAsync(CancellationToken.None);
        await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });

        Assert.Equal(target, server.Arrivals[^1].Target);
    }

    [Fact]
    public async Task A_given_version_4_stands_where_the_server_says_nothing()
    {
        await using RecordingServer server = Server(Answer.Plain(404));
        using GroupExportConnection connection = Open(server, settings => settings with { SpecVersion = 4 });

        Assert.Contains("HTTP 404", await connection.LearnVersionAsync(CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal(4, connection.SpecVersion);
    }

    private static RecordingServer Server(Answer metadata) => new(arrival => arrival.Path == "/r4/metadata" ? metadata : Answer.Accepted("/status/1"));

    private static GroupExportConnection Open(RecordingServer server, Func<ConnectionSettings, ConnectionSettings>? change = null)
    {
        ConnectionSettings settings = TestConnections.Fhir(server) with { SpecVersion = null };
        return (change?.Invoke(settings) ?? settings).Open();
    }

    private static Answer Statement(string operation, string version) => Answer.Json(
        $$"""{"resourceType":"CapabilityStatement","rest":[{"resource":[{"type":"Group","operation":[{"name":"{{operation}}","definition":"http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export|{{version}}"}]}]}]}""");
}
