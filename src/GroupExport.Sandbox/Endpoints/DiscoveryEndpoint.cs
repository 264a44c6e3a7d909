using System.Text.Json;
using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Tells where and how to get a token (SMART App Launch 2.2.0, conformance).</summary>
internal sealed class DiscoveryEndpoint(TokenService service)
{
    public Reply Read(string origin) => Reply.WithJson(200, Reply.Json, JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("token_endpoint"u8, origin + TokenEndpoint.Path);
        WriteTexts(json, "grant_types_supported", ["client_credentials"]);
        WriteTexts(json, "token_endpoint_auth_methods_supported", [service.Client.Method]);
        if (service.Client.Algorithms.Count > 0)
        {
            WriteTexts(json, "token_endpoint_auth_signing_alg_values_supported", service.Client.Algorithms);
        }

        WriteTexts(json, "scopes_supported", service.Scopes.Offered);
        WriteTexts(json, "capabilities", [service.Client.Capability, "permission-v1", "permission-v2"]);
        json.WriteEndObject();
    }));

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
