using System.Text;
using System.Text.Json;
using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>File URLs come back to the server in the request line byte for byte, however they were found.</summary>
public sealed class OpaqueFileUrlTests
{
    public static TheoryData<string, string> Targets => OpaqueUrlTests.Targets;

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_file_is_fetched_at_the_URL_of_the_manifest(string written, string arrives)
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1" ? Answer.Json(Listing(Root(arrival) + written)) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("Saved", reports.File().State);
        Assert.Equal(["/status/1", arrives, "/status/1"], server.Arrivals.Select(arrival => arrival.Target));
    }

    [Theory]
    [InlineData("%2e%2e/%41?sig=%2D", "/status/%2e%2e/%41?sig=%2D")]
    [InlineData("../files/%7E", "/files/%7E")]
    [InlineData("?file=%2D", "/status/1?file=%2D")]
    public async Task A_relative_file_URL_is_resolved_without_decoding(string written, string arrives)
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1" ? Answer.Json(Listing(written)) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);

        Assert.Equal(["/status/1", arrives, "/status/1"], server.Arrivals.Select(arrival => arrival.Target));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task A_redirect_of_a_file_leads_where_it_says(string written, string arrives)
    {
        await using RecordingServer server = new(arrival => arrival.Target switch
        {
            "/status/1" => Answer.Json(Listing("/redirected")),
            "/redirected" => Answer.Redirect(302, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(Root(arrival) + written))),
            _ => Answer.Ndjson("{}\n"),
        });
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("Saved", reports.File().State);
        Assert.Equal(["/status/1", "/redirected", arrives, "/status/1"], server.Arrivals.Select(arrival => arrival.Target));
    }

    [Fact]
    public async Task A_renewed_link_is_found_by_its_path_as_it_is_written()
    {
        int generation = 0;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            // The same files in another order, each signed again: %2D and - are two files.
            "/status/1" when generation++ == 0 => Answer.Json(Listing("/f/%2D?sig=%2D1", "/f/-?sig=%7E1")),
            "/status/1" => Answer.Json(Listing("/f/-?sig=%7E2", "/f/%2D?sig=%2D2")),
            _ when arrival.Query.EndsWith('1') => Answer.Plain(403),
            "/f/%2D" => Answer.Ndjson("{\"id\":\"encoded\"}\n"),
            _ => Answer.Ndjson("{\"id\":\"plain\"}\n"),
        });
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { ThrottleLimit = 1 });

        Assert.Contains("encoded", File.ReadAllText(Path.Combine(folder.Path, "Patient.0001.ndjson")), StringComparison.Ordinal);
        Assert.Contains("plain", File.ReadAllText(Path.Combine(folder.Path, "Patient.0002.ndjson")), StringComparison.Ordinal);
        Assert.Equal(["/f/%2D?sig=%2D1", "/f/%2D?sig=%2D2", "/f/-?sig=%7E2"], server.Arrivals.Select(arrival => arrival.Target).Where(target => target != "/status/1"));
    }

    [Theory]
    [InlineData("/file\r\nX-Injected: 1")]
    [InlineData("/file\u0085")]
    [InlineData("/file\ufffd")]
    [InlineData("https://")]
    [InlineData("https://files.example.org:99999/file")]
    [InlineData("https://good.example.org\\@evil.example.org/file")]
    public async Task A_file_at_a_URL_that_cannot_be_requested_fails_alone(string url)
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1" ? Answer.Json(Listing(url, "/good")) : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        ExportException failure = reports.Failure();
        Assert.Equal(ExportErrorKind.UnsafeServerUrl, failure.Kind);
        Assert.StartsWith("Patient.0001.ndjson", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.Equal(["Failed", "Saved"], reports.Of<FileDone>().Select(done => done.File.State).Order());
        Assert.Equal(["/good", "/status/1"], server.Arrivals.Select(arrival => arrival.Target).Order());
    }

    [Theory]
    [InlineData("//127.0.0.1:{0}/x")]
    [InlineData("http://good.example.org@127.0.0.1:{0}/x")]
    [InlineData("HTTP://127.0.0.1:{0}/x")]
    public async Task The_origin_that_is_asked_is_the_one_that_is_judged(string url)
    {
        await using RecordingServer second = new(Answer.Ndjson("{}\n"));
        string listing = Listing(url.Replace("{0}", $"{second.Root.Port}", StringComparison.Ordinal));
        await using RecordingServer server = new(Answer.Json(listing));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = settings => settings with { Tokens = new GroupExport.Authorization.GivenToken("t0ken") } });

        Assert.Equal("Saved", reports.File().State);
        Arrival arrival = Assert.Single(second.Arrivals);
        Assert.Equal("/x", arrival.Target);
        Assert.Null(arrival.Header("Authorization"));
    }

    [Fact]
    public async Task The_query_of_a_URL_with_a_space_is_not_kept_either()
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1"
            ? Answer.Json(Listing("/my file?sig=planted", Root(arrival) + "/your file?sig=planted"))
            : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);

        Assert.Contains("/my%20file?sig=planted", server.Arrivals.Select(arrival => arrival.Target));
        Assert.All(Directory.GetFiles(folder.Path), path => Assert.DoesNotContain("planted", File.ReadAllText(path), StringComparison.Ordinal));
    }

    /// <summary>A manifest that does not say whether files require a token.</summary>
    private static string Listing(params string[] urls) =>
        $$"""{"transactionTime":"2026-11-23T00:00:00Z","output":[{{string.Join(',', urls.Select(url => $$"""{"type":"Patient","url":{{JsonSerializer.Serialize(url)}}}"""))}}]}""";

    private static string Root(Arrival arrival) => "http://" + arrival.Header("Host");
}
