using System.Text.RegularExpressions;
using GroupExport.ModuleTests.Server;

namespace GroupExport.ModuleTests.Silence;

/// <summary>
/// A token endpoint and FHIR server that repeats in all its words what it was ever sent in confidence. How it behaves is the first segment of the path:
/// <c>/status-failed/r4</c> is the base of a server whose exports fail.
/// </summary>
internal sealed partial class EchoServer : IDisposable
{
    /// <summary>How its words begin; what follows must not be shown.</summary>
    public const string Marker = "You sent";

    private readonly ScriptedServer _server;
    private readonly HashSet<string> _heard = [];
    private readonly HashSet<string> _heardAsIssuer = [];
    private int _tokens;
    private int _looks;

    public EchoServer() => _server = new ScriptedServer(Answer);

    public string Root => _server.Root;

    /// <summary>The secrets that it was sent or gave out.</summary>
    public IEnumerable<string> Heard => _heard.Concat(_heardAsIssuer);

    public void Dispose() => _server.Dispose();

    private string Words => $"{Marker}: {string.Join(' ', _heard)}";

    /// <summary>A token endpoint is another server as a rule: it hears nothing of exports.</summary>
    private string IssuersWords => $"{Marker}: {string.Join(' ', _heardAsIssuer)}";

    private ScriptedReply Answer(ScriptedCall call)
    {
        foreach (Match secret in Secrets().Matches(call.Text))
        {
            (call.Path[^1] == "token" ? _heardAsIssuer : _heard).Add(secret.Groups[1].Value);
        }

        if (call.Method == "CONNECT" || (call.Path[0] == "proxied" && !call.Headers.ContainsKey("Proxy-Authorization")))
        {
            return new ScriptedReply(407, Words, "text/html").With("Proxy-Authenticate", "Basic realm=\"x\"");
        }

        string mode = call.Path[0];
        return (call.Method, call.Path[^1]) switch
        {
            ("POST", "token") => mode == "refused" ? TokenError() : Token(),
            ("POST" or "GET", "$export") => KickOff(mode),
            ("DELETE", "status") => mode == "removal-refused" ? Outcome(409) : new ScriptedReply(202),
            ("GET", "status") => Status(mode),
            ("GET", "messages") => new ScriptedReply(200, Issues(mode == "messages" ? "error" : "warning") + "\n", "application/fhir+ndjson"),
            ("GET", "file") => File(mode),
            _ => Outcome(400),
        };
    }

    private ScriptedReply KickOff(string mode) => mode switch
    {
        "kick-off-refused" or "proxied" => Outcome(400),
        "kick-off-unauthorized" => Outcome(401),
        "kick-off-forbidden" => Outcome(403),
        "lenient" => new ScriptedReply(202).With("Content-Location", $"{Root}{mode}/status").With("Preference-Applied", Words),
        "kick-off-later" => Outcome(429).With("Retry-After", "1"),
        "kick-off-broken" => new ScriptedReply(500, Words, "text/html"),
        "kick-off-lost" => new ScriptedReply(202, $$"""{"{{Words}}":""").With("X-Echo", Words),
        _ => new ScriptedReply(202).With("Content-Location", $"{Root}{mode}/status"),
    };

    private ScriptedReply Status(string mode) => mode switch
    {
        "status-failed" => Outcome(500),
        "status-unauthorized" => Outcome(401),
        "status-forbidden" => Outcome(403),
        "status-gone" => Outcome(410),
        "status-later" => Outcome(503).With("Retry-After", "1"),
        "status-running" => new ScriptedReply(202).With("X-Progress", Words),
        "manifest-broken" => new ScriptedReply(200, $$"""{"output":[{"{{Words}}"""),
        "manifest-strange" => new ScriptedReply(200, $$"""{"output":["{{Words}}"]}"""),
        "page-refused" => new ScriptedReply(200, $$"""{"output":[],"link":[{"relation":"next","url":"{{Root}}{{mode}}/page?sig=planted-signature"}]}"""),
        _ when _looks++ == 0 => new ScriptedReply(202).With("X-Progress", Words).With("Retry-After", "0"),
        _ => Manifest(mode),
    };

    private ScriptedReply Manifest(string mode)
    {
        string file = mode switch
        {
            "file-plain-http" => "http://files.example.org/Patient/planted-in-a-path?key=planted-signature",
            "file-elsewhere" => "https://files.example.org/file?key=planted-signature",
            _ => $"{Root}{mode}/file?sig=planted-signature",
        };
        string messages = $$"""{"type":"OperationOutcome","url":"{{Root}}{{mode}}/messages?sig=planted-signature"}""";
        return new ScriptedReply(200, $$"""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"output":[{"type":"Patient","url":"{{file}}","count":1}],"error":[{{(mode == "plain" ? "" : messages)}}]}""");
    }

    private ScriptedReply File(string mode) => mode switch
    {
        "file-refused" => Outcome(403),
        "file-unauthorized" => Outcome(401),
        "file-later" => Outcome(503).With("Retry-After", "0"),
        "file-page" => new ScriptedReply(200, Words, "text/html"),
        "file-strange" => new ScriptedReply(200, Words, "application/fhir+ndjson"),
        "file-redirected" => new ScriptedReply(302).With("Location", "http://files.example.org/file?sig=planted-signature"),
        _ => new ScriptedReply(200, "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n", "application/fhir+ndjson"),
    };

    private ScriptedReply Token()
    {
        string token = $"planted-issued-{++_tokens}";
        _heardAsIssuer.Add(token);
        return new ScriptedReply(200, $$"""{"access_token":"{{token}}","token_type":"bearer","expires_in":300,"scope":"{{IssuersWords}}"}""");
    }

    private ScriptedReply TokenError() => new(400, $$"""{"error":"invalid_client","error_description":"{{IssuersWords}}"}""");

    private ScriptedReply Outcome(int status) => new(status, Issues("error"), "application/fhir+json");

    private string Issues(string severity) => $$"""{"resourceType":"OperationOutcome","issue":[{"severity":"{{severity}}","code":"exception","diagnostics":"{{Words}}"}]}""";

    [GeneratedRegex(@"(planted-[a-z0-9-]+|(?<=client_assertion=)[A-Za-z0-9._-]+|(?<=Authorization: [A-Za-z]+ )\S+|Patient/planted-[a-z0-9-]+)")]
    private static partial Regex Secrets();
}
