using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Authorization;

/// <summary>Whatever a manifest says and wherever its links and redirects lead, a second origin gets neither token nor own headers, unless it is trusted and a token is required.</summary>
public sealed class HostileManifestTests
{
    private const string SourceId = "7ce6f387-c33c-417d-8682-81e83628cbd9";
    private const string Page = """{"requiresAccessToken":REQUIRED,"output":[{"type":"Patient","url":"/own-file"}]}""";

    /// <summary>Where the second origin comes in, what the manifest says, whether the user trusts it, and whether it refuses who brings no token.</summary>
    public static TheoryData<Way, string, bool, bool> Combinations
    {
        get
        {
            TheoryData<Way, string, bool, bool> combinations = [];
            foreach (Way way in Enum.GetValues<Way>())
            {
                foreach (string required in (string[])["true", "\"true\"", "false", "\"false\"", "null", "absent"])
                {
                    foreach (bool trusted in (bool[])[true, false])
                    {
                        combinations.Add(way, required, trusted, true);
                        combinations.Add(way, required, trusted, false);
                    }
                }
            }

            return combinations;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task A_second_origin_gets_a_token_only_when_it_is_trusted_and_one_is_required(Way way, string required, bool trusted, bool demands)
    {
        RecordingServer? first = null;
        await using RecordingServer second = new(arrival => demands && arrival.Header("Authorization") is null ? Answer.Outcome(401, "who are you?") : Second(way, required, first!));
        first = new RecordingServer(arrival => First(arrival, way, required, second));
        await using (first)
        {
            using TemporaryFolder folder = new();

            Reports reports = await Saves.SaveAsync(first, folder, new SaveSetup
            {
                Job = Exports.JobAt((way == Way.Status ? second : first).Url("status/1")),
                Connect = settings => settings with
                {
                    Tokens = new GivenToken("t0ken"),
                    Source = new RedoxParty(SourceId, null),
                    Headers = new Dictionary<string, string> { ["X-Vendor"] = "own" },
                    TrustedOrigins = trusted ? [second.Root] : [],
                },
            });

            bool token = trusted && (way is Way.Status or Way.NextPage || (way == Way.File && IsTrue(required)));
            bool refusedUnasked = way == Way.File && IsTrue(required) && !trusted;
            if (refusedUnasked)
            {
                Assert.Empty(second.Arrivals);
            }
            else
            {
                Assert.NotEmpty(second.Arrivals);
            }

            Assert.All(second.Arrivals, arrival => Assert.Equal(
                token ? ("Bearer t0ken", SourceId, "own") : (null, null, null),
                (arrival.Header("Authorization"), arrival.Header("redox-source-id"), arrival.Header("X-Vendor"))));
            AssertOwn(first, IsFalse(required));
            Assert.Equal(Expected(way, required, trusted, failed: demands && !token), Kind(reports));
        }
    }

    [Theory]
    [InlineData("false", "true", false)]
    [InlineData("true", "false", true)]
    public async Task A_page_of_a_second_origin_does_not_change_what_the_first_page_requires(string firstSays, string secondSays, bool token)
    {
        await using RecordingServer second = new(arrival => Answer.Json("""{"requiresAccessToken":REQUIRED,"output":[]}""".Replace("REQUIRED", secondSays, StringComparison.Ordinal)));
        await using RecordingServer first = Saves.Server($$"""{"requiresAccessToken":{{firstSays}},"output":[{"type":"Patient","url":"/file"}],"link":[{"relation":"next","url":"{{second.Url("page")}}"}]}""", _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(first, folder, new SaveSetup { Connect = settings => settings with { Tokens = new GivenToken("t0ken") } });

        Assert.Equal("Saved", reports.File().State);
        Assert.Equal(["/page", "/page"], second.Arrivals.Select(arrival => arrival.Path));
        Assert.Equal(token ? "Bearer t0ken" : null, Assert.Single(first.To("/file")).Header("Authorization"));
    }

    [Theory]
    [InlineData("http://files.example.org/file", "null", ExportErrorKind.InvalidServerUri)]
    [InlineData("http://files.example.org/file", "false", ExportErrorKind.InvalidServerUri)]
    [InlineData("http://files.example.org/file", "true", ExportErrorKind.UntrustedFileOrigin)]
    [InlineData("ftp://files.example.org/file", "null", ExportErrorKind.InvalidServerUri)]
    [InlineData("gs://bucket/file", "true", ExportErrorKind.InvalidServerUri)]
    [InlineData("s3://bucket/file", "false", ExportErrorKind.InvalidServerUri)]
    public async Task A_file_that_is_not_at_https_is_refused_by_name(string url, string required, ExportErrorKind kind)
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest($$"""{"type":"Patient","url":"{{url}}"}""", requiresAccessToken: required), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = settings => settings with { Tokens = new GivenToken("t0ken") } });

        Assert.Equal(kind, reports.Failure().Kind);
        Assert.Equal("Failed", reports.File().State);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_file_that_is_redirected_to_plain_http_is_refused_by_name(int status)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Redirect(status, "http://files.example.org/file?sig=1"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = settings => settings with { Tokens = new GivenToken("t0ken") } });

        Assert.Equal(ExportErrorKind.UnsafeRedirect, reports.Failure().Kind);
    }

    private static Answer First(Arrival arrival, Way way, string required, RecordingServer second) => arrival.Path switch
    {
        "/status/1" => way switch
        {
            Way.StatusRedirected302 => Answer.Redirect(302, second.Url("status")),
            Way.StatusRedirected307 => Answer.Redirect(307, second.Url("status")),
            Way.File => Manifest(Page.Replace("/own-file", second.Url("file"), StringComparison.Ordinal), required),
            Way.FileRedirected302 or Way.FileRedirected307 => Manifest(Page.Replace("/own-file", "/redirected", StringComparison.Ordinal), required),
            Way.NextPage => Manifest(Linked(second.Url("page")), required),
            _ => Manifest(Linked("/redirected"), required),
        },
        "/redirected" => Answer.Redirect(way is Way.FileRedirected302 or Way.NextPageRedirected302 ? 302 : 307, second.Url("there")),
        _ => Answer.Ndjson("{}\n"),
    };

    private static Answer Second(Way way, string required, RecordingServer first) => way switch
    {
        Way.Status or Way.StatusRedirected302 or Way.StatusRedirected307 => Manifest(Page.Replace("/own-file", first.Url("own-file"), StringComparison.Ordinal), required),
        Way.NextPage or Way.NextPageRedirected302 or Way.NextPageRedirected307 => Answer.Json("""{"output":[]}"""),
        _ => Answer.Ndjson("{}\n"),
    };

    private static string Linked(string next) => $$"""{{Page[..^1]}},"link":[{"relation":"next","url":"{{next}}"}]}""";

    private static Answer Manifest(string text, string required) => Answer.Json(required == "absent"
        ? text.Replace("\"requiresAccessToken\":REQUIRED,", "", StringComparison.Ordinal)
        : text.Replace("REQUIRED", required, StringComparison.Ordinal));

    /// <summary>The own origin has the token in every request but for a file that is said to need none.</summary>
    private static void AssertOwn(RecordingServer first, bool withoutToken)
    {
        Assert.All(first.Arrivals, arrival => Assert.Equal(
            withoutToken && IsFile(arrival) ? null : "Bearer t0ken",
            arrival.Header("Authorization")));

        static bool IsFile(Arrival arrival) => arrival.Header("Accept") == "application/fhir+ndjson";
    }

    private static ExportErrorKind? Expected(Way way, string required, bool trusted, bool failed) => way switch
    {
        Way.File when IsTrue(required) && !trusted => ExportErrorKind.UntrustedFileOrigin,
        _ when !failed => null,
        Way.Status => ExportErrorKind.UntrustedStatusOrigin,

        // The status URL itself is the connection's own, which did not refuse anything.
        Way.StatusRedirected302 or Way.StatusRedirected307 => ExportErrorKind.TokenRejected,
        Way.NextPage or Way.NextPageRedirected302 or Way.NextPageRedirected307 => ExportErrorKind.InvalidManifest,

        // A trusted origin that may have a token and was not sent one, because the manifest asks for none or the way there was a redirect.
        _ when trusted && !IsFalse(required) => ExportErrorKind.TokenRejected,
        _ => ExportErrorKind.FileFailed,
    };

    private static ExportErrorKind? Kind(Reports reports) =>
        (reports.Of<Stopped>().SingleOrDefault()?.Exception ?? reports.Of<Failure>().SingleOrDefault()?.Exception)?.Kind;

    private static bool IsTrue(string required) => required.Trim('"') == "true";

    private static bool IsFalse(string required) => required.Trim('"') == "false";

    /// <summary>How a client is led to the second origin.</summary>
    public enum Way
    {
        File,
        FileRedirected302,
        FileRedirected307,
        NextPage,
        NextPageRedirected302,
        NextPageRedirected307,
        Status,
        StatusRedirected302,
        StatusRedirected307,
    }
}
