using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Tls;

/// <summary>An export from its discovery to its DELETE, which makes each kind of call there is.</summary>
internal static class TlsExport
{
    /// <summary>Each call of <see cref="WholeAsync"/> at <see cref="Script(Arrival)"/>, in order.</summary>
    public static readonly string[] Calls =
    [
        "GET /r4/.well-known/smart-configuration",
        "POST /token",
        "GET /r4/Group/g/$export",
        "GET /status/1",
        "GET /page/2",
        "GET /file",
        "GET /status/1",
        "GET /page/2",
        "DELETE /status/1",
    ];

    public static ExportRequest Request { get; } = new() { GroupId = "g" };

    /// <summary>Tries once more, and does not wait.</summary>
    public static TransientRetry Retry { get; } = new(2, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromHours(24));

    /// <summary>A FHIR server that is its own token server and has one file.</summary>
    public static Answer Script(Arrival arrival) => Script(arrival, "/token", "/file", "null");

    /// <summary>The same with token URL and file where they are said to be.</summary>
    public static Answer Script(Arrival arrival, string tokenEndpoint, string file, string requiresAccessToken) => $"{arrival.Verb} {arrival.Path}" switch
    {
        "GET /r4/.well-known/smart-configuration" => Answer.Json($$"""{"token_endpoint":"{{tokenEndpoint}}"}"""),
        "POST /token" => Answer.Json("""{"access_token":"t0ken","token_type":"bearer","expires_in":300}"""),
        "GET /r4/Group/g/$export" => Answer.Accepted("/status/1"),
        "GET /status/1" => Answer.Json($$"""{"requiresAccessToken":{{requiresAccessToken}},"output":[],"link":[{"relation":"next","url":"/page/2"}]}"""),
        "GET /page/2" => Answer.Json($$"""{"output":[{"type":"Patient","url":"{{file}}"}]}"""),
        "GET /file" => Answer.Ndjson("{\"resourceType\":\"Patient\"}\n"),
        "DELETE /status/1" => Answer.Plain(202),
        _ => Answer.Plain(404),
    };

    /// <summary>A connection that finds its token URL by discovery and trusts the authority.</summary>
    public static ConnectionSettings Settings(Uri root, MadeAuthority? authority)
    {
        Uri fhirBase = new(root, "r4/");
        return new ConnectionSettings
        {
            FhirBase = fhirBase,
            TokenSettings = new TokenSettings(new ClientSecret("client", "s3cret"), fhirBase, TokenUri: null, Scope: null),
            TokenRetry = Retry,
            Headers = new Dictionary<string, string> { ["X-Vendor-Key"] = "v3ndor" },
            Transport = new TransportSettings { Authorities = authority is null ? [] : [authority.Certificate] },
        };
    }

    /// <summary>The same with a token that is there already.</summary>
    public static ConnectionSettings WithToken(this ConnectionSettings settings) => settings with { TokenSettings = null, Tokens = new GivenToken("t0ken") };

    /// <summary>The same with a token URL that the user named.</summary>
    public static ConnectionSettings WithTokenUri(this ConnectionSettings settings, string tokenUri) => settings with { TokenSettings = settings.TokenSettings! with { TokenUri = new Uri(tokenUri) } };

    public static async Task<SavedFile> WholeAsync(ConnectionSettings settings)
    {
        using GroupExportConnection connection = settings.Open();
        ExportJob job = await Exports.KickOffAsync(connection, Request);
        Reports reports = await SaveAsync(connection, job);
        Assert.True(await new JobRemoval(connection, job, _ => { }).RunAsync(CancellationToken.None));
        Assert.Empty(reports.Of<Failure>());
        return reports.File();
    }

    public static async Task<Reports> SaveAsync(GroupExportConnection connection, ExportJob job)
    {
        using TemporaryFolder folder = new();
        using SemaphoreSlim slots = new(1);
        SaveOptions options = new() { Slots = slots, ThrottleLimit = 1, Retry = Retry, Wait = new WaitOptions { MinPollInterval = TimeSpan.Zero, PageRetry = Retry, TransientTimeout = TimeSpan.Zero } };
        Reports reports = new();
        using ExportFolder open = ExportFolder.OpenFor(job, folder.Path);
        await new SaveJob(job, open, () => connection, options, reports.Add).RunAsync(CancellationToken.None);
        return reports;
    }
}
