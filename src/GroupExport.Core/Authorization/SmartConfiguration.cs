using System.Text.Json;
using GroupExport.Http;
using GroupExport.Json;

namespace GroupExport.Authorization;

/// <summary>What a FHIR server says about its authorization below its own base (SMART App Launch 2.2, conformance).</summary>
/// <param name="TokenEndpoint">Where tokens are asked for.</param>
/// <param name="Scopes">The scopes it names; not all it knows.</param>
/// <param name="Capabilities">Its capabilities, such as <c>permission-v2</c>.</param>
/// <param name="Methods">The ways in which clients prove who they are; empty when it does not say.</param>
/// <param name="Algorithms">The algorithms that assertions may be signed with; empty when it does not say.</param>
internal sealed record SmartConfiguration(
    Uri TokenEndpoint,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Capabilities,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string> Algorithms)
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>The scope to ask for when none is given: read and search of everything, in the newer spelling where the server knows it.</summary>
    public string DefaultScope =>
        Capabilities.Contains("permission-v2") || Scopes.Any(scope => scope.EndsWith(".rs", StringComparison.Ordinal)) ? SmartScope.AllOfVersion2 : SmartScope.AllOfVersion1;

    /// <summary>Why this server will hardly take this client, in words that go on a sentence; null when it names nothing against it.</summary>
    public string? Misses(IClientAuthentication client)
    {
        if (Methods.Count > 0 && !Methods.Contains(client.RegisteredMethod))
        {
            return $"the server takes clients by {string.Join(", ", Methods)} only, and this one comes by {client.RegisteredMethod}";
        }

        return client.Algorithm is { } algorithm && Algorithms.Count > 0 && !Algorithms.Contains(algorithm)
            ? $"the server takes assertions signed by {string.Join(", ", Algorithms)} only, and this key signs by {algorithm}"
            : null;
    }

    /// <summary>Where the document is: appended to the base, whatever path the base has.</summary>
    public static Uri AddressFor(Uri fhirBase) => new(fhirBase.AbsoluteUri.TrimEnd('/') + "/.well-known/smart-configuration");

    /// <summary>Asks for the document.</summary>
    /// <exception cref="ExportException">There is none, or it names no token endpoint.</exception>
    public static async Task<SmartConfiguration> DiscoverAsync(HttpClient http, Uri fhirBase, CancellationToken cancellationToken)
    {
        Uri address = AddressFor(fhirBase);
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw Failed(address, $"it answered HTTP {(int)response.StatusCode}", null, TransientFault.IsTransient((int)response.StatusCode));
            }

            return Read(await WireBody.ReadAsync(response, MostBytes, cancellationToken).ConfigureAwait(false), fhirBase, address);
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            throw Failed(address, TransientFault.Describe(fault), fault, TransientFault.MayPass(fault));
        }
    }

    private static SmartConfiguration Read(WireBody body, Uri fhirBase, Uri address)
    {
        using JsonDocument document = body.ParseJson(out string? fault) ?? throw Failed(address, $"what came cannot be used: {fault}", null);
        JsonElement root = document.RootElement;
        if (root.Text("token_endpoint") is not { } text)
        {
            throw Failed(address, "it names no token_endpoint", null);
        }

        ServerUrl endpoint = ServerUrl.Of(fhirBase).Resolve(text);
        return endpoint.IsUsable
            ? new SmartConfiguration(endpoint.Uri, [.. root.Texts("scopes_supported")], [.. root.Texts("capabilities")], [.. root.Texts("token_endpoint_auth_methods_supported")], [.. root.Texts("token_endpoint_auth_signing_alg_values_supported")])
            : throw Failed(address, "its token_endpoint is not a usable URL", null);
    }

    private static ExportException Failed(Uri address, string why, Exception? cause, bool mayPass = false) => new(
        ExportErrorKind.DiscoveryFailed,
        $"The token URL cannot be found at {ShownUri.Of(address)}: {why}. {(mayPass ? "Try again when the server is back; if it stays so, give" : "Give")} it with -TokenUri, or check the FHIR base URL.",
        cause)
    {
        Subject = ShownUri.Of(address),
        MayPass = mayPass,
    };
}
