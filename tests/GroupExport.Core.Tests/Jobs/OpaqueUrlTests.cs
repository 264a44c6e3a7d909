using System.Text;
using System.Text.Json;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>Each URL that a server sends comes back to it in the request line byte for byte, whatever it is for.</summary>
public sealed class OpaqueUrlTests
{
    /// <summary>The target as the server writes it, and as it has to arrive.</summary>
    public static TheoryData<string, string> Targets => new()
    {
        { "/%2Da%7Eb/%41", "/%2Da%7Eb/%41" },
        { "/x/%2e%2e/%2E/y", "/x/%2e%2e/%2E/y" },
        { "/a/../b/./c", "/a/../b/./c" },
        { "/a;v=1,2/'x'/(y)!*", "/a;v=1,2/'x'/(y)!*" },
        { "/a|b[c]{d}^`\\e", "/a|b[c]{d}^`\\e" },
        { "//a//b//", "//a//b//" },
        { "/empty-query?", "/empty-query?" },
        { "/q?u=http://x/?y=1&v=%2e%2E&w=/../z", "/q?u=http://x/?y=1&v=%2e%2E&w=/../z" },
        { "/plus+plus?a+b=%2B%2b", "/plus+plus?a+b=%2B%2b" },
        { "/%zz/%/x%4", "/%zz/%/x%4" },
        { "/signed?sig=a%2Bb%2Fc%3D&n=%27%28%29%7E#fragment", "/signed?sig=a%2Bb%2Fc%3D&n=%27%28%29%7E" },
        { "/a b?c d", "/a%20b?c%20d" },
        { "/\u00fc\u20ac?\u00fc", "/%C3%BC%E2%82%AC?%C3%BC" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task The_status_URL_of_a_kick_off_is_polled_and_deleted_as_it_was_sent(string written, string arrives)
    {
        await using RecordingServer server = new(arrival => arrival.Verb switch
        {
            "DELETE" => Answer.Plain(202),
            _ when arrival.Target.Contains("$export", StringComparison.Ordinal) => Answer.Accepted(Header(Root(arrival) + written)),
            _ => Answer.Running(),
        });
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });
        await Exports.AskAsync(server, job);
        await new JobRemoval(connection, job, _ => { }).RunAsync(CancellationToken.None);

        Assert.Equal([("GET", arrives), ("DELETE", arrives)], server.Arrivals.Skip(1).Select(arrival => (arrival.Verb, arrival.Target)));
        Assert.Equal(server.Root.AbsoluteUri.TrimEnd('/') + arrives, job.StatusUrl);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_job_that_was_saved_and_read_back_asks_for_the_same(string written, string arrives)
    {
        await using RecordingServer server = new(_ => Answer.Running());
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "job.json");
        ExportJob job = Exports.JobAt(ServerUrl.Of(Root(server) + written).Text);
        using (JobFile file = await JobFile.OpenAsync(path, CancellationToken.None))
        {
            file.Write(new JobFileDocument { State = JobFileDocument.Running, Fingerprint = "a.b", Job = job });
        }

        ExportJob fromFile = JobFile.Read(path)!.Job!;
        ExportJob fromJson = JsonSerializer.Deserialize<ExportJob>(JsonSerializer.Serialize(job))!;
        await Exports.AskAsync(server, fromFile);
        await Exports.AskAsync(server, fromJson);
        await Exports.AskAsync(server, Exports.JobAt(Root(server) + written));

        Assert.All(server.Arrivals, arrival => Assert.Equal(arrives, arrival.Target));
        Assert.Equal(job.ExportId, fromFile.ExportId);
        Assert.Equal(job.ExportId, ExportId.Of(Root(server) + written));
        Assert.Equal(job.StatusUrl, fromFile.StatusUrl);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_redirect_of_the_status_leads_where_it_says(string written, string arrives)
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1" ? Answer.Redirect(307, Header(Root(arrival) + written)) : Answer.Running());

        await Exports.AskAsync(server);

        Assert.Equal(["/status/1", arrives], server.Arrivals.Select(arrival => arrival.Target));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_further_page_is_fetched_as_it_was_linked(string written, string arrives)
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1"
            ? Answer.Json($$"""{"transactionTime":"2026-11-23T00:00:00Z","output":[],"link":[{"relation":"next","url":{{JsonSerializer.Serialize(Root(arrival) + written)}}}]}""")
            : Answer.Json("""{"output":[]}"""));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Equal(ExportStatus.Complete, answer.Status.State);
        Assert.Equal(["/status/1", arrives], server.Arrivals.Select(arrival => arrival.Target));
    }

    [Theory]
    [InlineData("%2e%2e/%41", "/r4/Group/g/%2e%2e/%41")]
    [InlineData("../../../status/%2D1", "/status/%2D1")]
    [InlineData("/status/%7E?", "/status/%7E?")]
    [InlineData("?job=%41", "/r4/Group/g/$export?job=%41")]
    public async Task A_relative_status_URL_is_resolved_without_decoding(string written, string arrives)
    {
        await using RecordingServer server = new(arrival => Answer.Accepted(written));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });
        await Exports.AskAsync(server, job);

        Assert.Equal(arrives, server.Arrivals[1].Target);
    }

    [Fact]
    public async Task Header_bytes_that_are_not_UTF_8_come_back_as_they_are()
    {
        await using RecordingServer server = new(arrival => Answer.Accepted(Root(arrival) + "/\u00e9?\u00ff"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });
        await Exports.AskAsync(server, job);

        Assert.Equal("/%E9?%FF", server.Arrivals[1].Target);
    }

    [Fact]
    public async Task A_status_URL_that_was_sent_twice_is_one()
    {
        await using RecordingServer server = new(arrival => Answer.Accepted(Root(arrival) + "/status/%41").With("Content-Location", Root(arrival) + "/status/%41"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        Assert.Equal(Root(server) + "/status/%41", (await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" })).StatusUrl);
    }

    [Theory]
    [InlineData("/status/1\tx")]
    [InlineData("/status/1\u001b[2J")]
    [InlineData("https://")]
    [InlineData("https://good.example\\@evil.example/1")]
    [InlineData("gs://bucket/1")]
    public async Task A_status_URL_that_cannot_be_requested_is_an_accepted_kick_off_without_one(string written)
    {
        await using RecordingServer server = new(Answer.Accepted(written));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.StatusUrlMissing, failure.Kind);
        Assert.Single(server.Arrivals);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Theory]
    [InlineData("https://x.example/1\r\nX-Injected: 1")]
    [InlineData("https://x.example/1\u2028")]
    [InlineData("https://")]
    [InlineData("https://x.example:99999/1")]
    public async Task A_link_that_cannot_be_requested_ends_the_reading_with_an_error_of_its_own(string next)
    {
        await using RecordingServer server = new(Answer.Json($$"""{"output":[],"link":[{"relation":"next","url":{{JsonSerializer.Serialize(next)}}}]}"""));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(ExportErrorKind.UnsafeServerUrl, failure.Kind);
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task A_million_characters_are_refused_at_once_wherever_they_come_from()
    {
        string path = "/" + new string('a', 1_000_000);
        await using RecordingServer server = new(Answer.Json($$"""{"output":[],"link":[{"relation":"next","url":"{{path}}"}]}"""));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(ExportErrorKind.UnsafeServerUrl, failure.Kind);
        Assert.True(failure.Message.Length < 1000 && failure.Subject!.ToString()!.Length < 1000);
        Assert.Equal(ExportErrorKind.UnsafeServerUrl, Assert.Throws<ExportException>(() => Exports.JobAt("https://x.example" + path).StatusUri).Kind);
    }

    /// <summary>Text as its UTF-8 bytes go over the wire, which the server writes as Latin-1.</summary>
    private static string Header(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static string Root(RecordingServer server) => server.Root.AbsoluteUri.TrimEnd('/');

    private static string Root(Arrival arrival) => "http://" + arrival.Header("Host");
}
