using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GroupExport.Sandbox;

namespace GroupExport.Tests.Sandbox;

/// <summary>Speaks to a sandbox with nothing between test and wire.</summary>
internal sealed class PracticeClient : IDisposable
{
    public static readonly SandboxOptions Fast = new() { PatientCount = 4, ExportDuration = TimeSpan.Zero };

    public PracticeClient(SandboxOptions? options = null) => Sandbox = ExportSandbox.Start(options ?? Fast);

    public ExportSandbox Sandbox { get; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false });

    public string FhirExport => $"{Sandbox.FhirBaseUri}/Group/{Sandbox.GroupId}/$export";

    public string RedoxBase => $"{Sandbox.BaseUri}fhir/R4/{Sandbox.DestinationSlug}/{Sandbox.EnvironmentFlag}";

    public string RedoxExport => $"{RedoxBase}/Group/{Sandbox.GroupId}/$export";

    public static JsonObject RedoxBody() => new()
    {
        ["Meta"] = new JsonObject
        {
            ["DataModel"] = "FHIR Bulk Data Access",
            ["EventType"] = "group-export",
            ["Destinations"] = new JsonArray(new JsonObject { ["Name"] = "redox-fhir-sandbox" }),
        },
        ["id"] = "diabetes-2026",
    };

    public static HttpRequestMessage KickOff(HttpMethod method, string url, string? body = null, string contentType = "application/fhir+json")
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/fhir+json"));
        request.Headers.Add("Prefer", "respond-async");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(contentType));
        }

        return request;
    }

    public Task<HttpResponseMessage> FhirGet(string query = "") => Http.SendAsync(KickOff(HttpMethod.Get, FhirExport + (query.Length > 0 ? "?" + query : "")));

    public Task<HttpResponseMessage> FhirPost(string body) => Http.SendAsync(KickOff(HttpMethod.Post, FhirExport, body));

    public Task<HttpResponseMessage> Redox(string body, string query = "", HttpMethod? method = null) =>
        Http.SendAsync(KickOff(method ?? HttpMethod.Post, RedoxExport + query, body, "application/json"));

    /// <summary>Waits for a job whose duration is zero; it only has to be picked.</summary>
    public async Task<Manifest> Finish(HttpResponseMessage kickOff)
    {
        Assert.True(kickOff.StatusCode == HttpStatusCode.Accepted, await kickOff.Content.ReadAsStringAsync());
        var status = kickOff.Content.Headers.ContentLocation!;
        while (true)
        {
            using var answer = await Http.GetAsync(status);
            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                return new Manifest(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone(), status);
            }

            await Task.Delay(5);
        }
    }

    /// <summary>A kick-off with the preferences that are asked for, by POST when there is a body.</summary>
    public Task<HttpResponseMessage> Preferring(string prefer, string query = "", string? body = null)
    {
        var request = KickOff(body is null ? HttpMethod.Get : HttpMethod.Post, FhirExport + (query.Length > 0 ? "?" + query : ""), body);
        request.Headers.Remove("Prefer");
        request.Headers.Add("Prefer", prefer);
        return Http.SendAsync(request);
    }

    /// <summary>A POST kick-off with these parameters, each an object in JSON.</summary>
    public Task<HttpResponseMessage> FhirParameters(params string[] parameters) =>
        FhirPost($$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', parameters)}}]}""");

    /// <summary>The lines of a file.</summary>
    public async Task<IReadOnlyList<JsonElement>> Lines(string url) =>
        [.. (await Http.GetStringAsync(url)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public async Task<Manifest> Export(string query) => await Finish(await FhirGet(query));

    /// <summary>All resources of an export.</summary>
    public async Task<IReadOnlyList<JsonElement>> Resources(Manifest manifest)
    {
        var resources = new List<JsonElement>();
        foreach (var file in manifest.Output)
        {
            var lines = (await Http.GetStringAsync(file.Url)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(file.Count, lines.Length);
            resources.AddRange(lines.Select(line => JsonDocument.Parse(line).RootElement));
        }

        return resources;
    }

    public async Task<IReadOnlyList<JsonElement>> Resources(string query) => await Resources(await Export(query));

    public void Dispose()
    {
        Http.Dispose();
        Sandbox.Dispose();
    }

    internal sealed record OutputFile(string Type, string Url, int Count);

    internal sealed record Manifest(JsonElement Json, Uri Status)
    {
        public IReadOnlyList<OutputFile> Output => Files("output");

        /// <summary>The entries of an array; none when it is absent.</summary>
        public IReadOnlyList<OutputFile> Files(string array) => Json.TryGetProperty(array, out var items)
            ? [.. items.EnumerateArray().Select(item => new OutputFile(Text(item, "type"), item.GetProperty("url").GetString()!, item.GetProperty("count").GetInt32()))]
            : [];

        /// <summary>A field, or the empty string.</summary>
        public static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.GetString()! : "";
    }
}
