using System.Net;
using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Fhir;
using GroupExport.Http;
using GroupExport.Manifests;

namespace GroupExport.Fuzz;

/// <summary>The bodies of answers.</summary>
internal static class AnswerTargets
{
    private static readonly Uri s_server = new("https://fhir.example.org/r4/");

    private static readonly byte[][] s_refusals = Targets.Texts(
        """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","details":{"text":"words","coding":[{"display":"d"}]},"diagnostics":"x"}]}""",
        """<OperationOutcome xmlns="http://hl7.org/fhir"><issue><severity value="error"/><code value="exception"/><details><text value="t"/></details></issue></OperationOutcome>""",
        """{"type":"about:blank","title":"Export failed","status":500,"detail":"worker died","errors":{"":["a"],"_type":["b"]}}""",
        """{"Meta":{"Logs":[{"ID":"1-2"}],"Message":{"ID":7},"Errors":[{"ID":1,"Text":"destination timed out","Type":"transmission","DestinationStatusCode":504}]}}""",
        """{"error":"invalid_client","error_description":"unknown key"}""",
        """{"resourceType":"Bundle","entry":[{"response":{"outcome":{"resourceType":"OperationOutcome","issue":[{"diagnostics":"d"}]}}}]}""",
        "<html><head><title>Sign in</title></head></html>",
        "quota reached\r\nX-Token: secret\r\n   at A.B(C.cs:1)");

    private static readonly byte[][] s_manifests = Targets.Texts(
        """{"transactionTime":"2026-11-01T00:00:00Z","request":"https://fhir.example.org/r4/Group/g/$export","requiresAccessToken":true,"output":[{"type":"Patient","url":"https://fhir.example.org/f/1","count":3},{"type":"Observation","url":"/f/2","fileSize":"7","continuesInFile":"2"}],"deleted":[{"type":"Bundle","url":"d/1"}],"error":[],"link":[{"relation":"next","url":"?page=2"}],"extension":{"a":[1]}}""",
        """{"Meta":{"Logs":[{"ID":"1"}]},"transactionTime":"2026-11-01T00:00:00Z","outputOrganizedBy":"Patient","output":null,"outcome":[{"type":"OperationOutcome","url":"e"}]}""");

    public static IReadOnlyList<Target> All { get; } =
    [
        new("refusal", s_refusals, [], input => ReadRefusal(input)),
        new("body", [.. s_refusals, .. s_manifests], [], ReadBody),
        new("manifest", s_manifests, [ExportErrorKind.InvalidManifest], ReadManifest),
        new("token", Targets.Texts("""{"access_token":"t","token_type":"bearer","expires_in":"300","scope":"system/*.read"}"""), TokenKinds, ReadToken),
        new("discovery", Targets.Texts("""{"token_endpoint":"https://fhir.example.org/token","scopes_supported":["a"],"capabilities":["permission-v2"],"token_endpoint_auth_methods_supported":["private_key_jwt"]}"""), [ExportErrorKind.DiscoveryFailed], ReadDiscovery),
        new("capabilities", Targets.Texts("""{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","software":{"name":"s","version":"1"},"instantiates":["http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data|3.0.0"],"rest":[{"mode":"server","resource":[{"type":"Group","operation":[{"name":"export","definition":"http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export|2.0.0"}],"searchParam":[{"name":"_id","extension":[{"url":"x/operation-not-supported","valueCanonical":"y"}]}]}]}]}"""), [], input => CapabilityStatement.Read(input)),
        new("message-line", s_refusals[..1], [], input => OutcomeReader.Read(System.Text.Encoding.UTF8.GetString(input))),
    ];

    private static IReadOnlyList<ExportErrorKind> TokenKinds =>
    [
        ExportErrorKind.TokenEndpointUnreachable, ExportErrorKind.TokenEndpointUnusable, ExportErrorKind.InvalidClient, ExportErrorKind.ClockSkew, ExportErrorKind.InvalidScope,
        ExportErrorKind.TokenRequestRefused,
    ];

    /// <summary>The last byte chooses status, type and coding; after white space or a brace they are those of a good answer.</summary>
    private static HttpResponseMessage Response(byte[] input, params string[] mediaTypes)
    {
        int pick = input.Length == 0 || input[^1] == (byte)'}' ? 0 : input[^1];
        HttpStatusCode[] statuses = [HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.InternalServerError, HttpStatusCode.TooManyRequests];
        HttpResponseMessage response = new(statuses[pick % statuses.Length]) { Content = new ByteArrayContent(input) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", mediaTypes[pick / 8 % mediaTypes.Length]);
        string[] codings = ["", "", "", "gzip", "br", "deflate", "gzip, gzip", "x"];
        if (codings[pick % codings.Length] is { Length: > 0 } coding)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        }

        return response;
    }

    private static void ReadRefusal(byte[] input)
    {
        using HttpResponseMessage response = Response(input, "application/json", "application/fhir+xml", "text/html", "text/plain;charset=iso-8859-1", "application/problem+json", "\u0001;;");
        ServerAnswer answer = ServerAnswer.ReadAsync(response, PatientReference.Mask, CancellationToken.None).GetAwaiter().GetResult();
        string shown = answer.ToString();
        if (shown.Length > 10_000 || shown.Any(char.IsControl))
        {
            throw new InvalidOperationException("What is shown is not bounded, or holds control characters.");
        }
    }

    private static void ReadBody(byte[] input)
    {
        using HttpResponseMessage response = Response(input, "application/json", "text/html", "x/y;charset=utf-16");
        try
        {
            WireBody body = WireBody.ReadAsync(response, 10_000_000, CancellationToken.None).GetAwaiter().GetResult();
            body.ParseJson(out _)?.Dispose();
        }
        catch (BodyFault)
        {
            // A broken body, which is fetched again.
        }
    }

    private static void ReadManifest(byte[] input)
    {
        ServerUrl source = ServerUrl.Of(s_server);
        ManifestPages pages = new(source);
        pages.Add(input, source);
        _ = pages.Files();
    }

    private static void ReadToken(byte[] input)
    {
        using HttpClient http = new(new Stub(() => Response(input, "application/json")));
        ClientSecret client = new("client", "a secret that no one knows");
        TokenSettings settings = new(client, s_server, new Uri(s_server, "token"), "system/*.read");
        TransientRetry once = new(2, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        _ = new TokenEndpoint(http, settings, once, TimeProvider.System, text => text, _ => { }).RequestAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    private static void ReadDiscovery(byte[] input)
    {
        using HttpClient http = new(new Stub(() => Response(input, "application/json")));
        _ = SmartConfiguration.DiscoverAsync(http, s_server, CancellationToken.None).GetAwaiter().GetResult();
    }

    private sealed class Stub(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
