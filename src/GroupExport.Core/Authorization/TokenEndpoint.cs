using System.Text.Json;
using GroupExport.Http;
using GroupExport.Json;

namespace GroupExport.Authorization;

/// <summary>Asks a token endpoint for access tokens by client credentials (RFC 6749, 4.4; SMART Backend Services). It follows no redirect.</summary>
internal sealed class TokenEndpoint(HttpClient http, TokenSettings settings, TransientRetry retry, TimeProvider clock, Func<string, string> mask, Action<string> caution)
{
    private const int MostBytes = 256 * 1024;

    /// <summary>Characters of a token type that is foreign.</summary>
    private const int MostShown = 40;

    private const int MaxScopeChars = 4000;

    /// <summary>What servers that give no lifetime mean by it; a 401 corrects a wrong guess.</summary>
    private static readonly TimeSpan s_assumedLifetime = TimeSpan.FromMinutes(5);

    private SmartConfiguration? _discovered;
    private volatile bool _hasAnswered;

    /// <exception cref="ExportException">The endpoint cannot be found or reached, or refuses.</exception>
    public async Task<AccessToken> RequestAsync(CancellationToken cancellationToken)
    {
        (Uri tokenUri, string? scope) = await TargetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            AccessToken token = await retry.RunAsync(attempt => AskAsync(tokenUri, scope, attempt), clock, _ => { }, cancellationToken).ConfigureAwait(false);
            WarnIfNarrower(token, scope);
            return token;
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            throw Unreachable(tokenUri, fault);
        }
    }

    private ExportException Unreachable(Uri tokenUri, Exception fault) => new(
        ExportErrorKind.TokenEndpointUnreachable,
        $"The token URL {ShownUri.Of(tokenUri)} gives no answer ({TransientFault.Describe(fault)}). Check the address and the network; nothing else was sent.",
        fault)
    {
        Subject = ShownUri.Of(tokenUri),

        // An address that has answered is right: it is down, and an export of a week outlives that.
        MayPass = _hasAnswered && !TransientFault.IsTooManyHeaders(fault),
    };

    private async ValueTask<(Uri TokenUri, string? Scope)> TargetAsync(CancellationToken cancellationToken)
    {
        if (settings.TokenUri is { } known)
        {
            return (known, settings.Scope);
        }

        _discovered ??= await SmartConfiguration.DiscoverAsync(http, settings.FhirBase, cancellationToken).ConfigureAwait(false);
        if (!Origin.IsSafe(_discovered.TokenEndpoint))
        {
            throw new ExportException(ExportErrorKind.InvalidServerUri, $"The server names the token URL {ShownUri.Of(_discovered.TokenEndpoint)}, which is not https. Nothing was sent there.") { Subject = ShownUri.Of(_discovered.TokenEndpoint) };
        }

        return (_discovered.TokenEndpoint, settings.Scope ?? _discovered.DefaultScope);
    }

    private async ValueTask<AccessToken> AskAsync(Uri tokenUri, string? scope, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(tokenUri, scope);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            _hasAnswered = true;
            WireBody body = await WireBody.ReadAsync(response, MostBytes, cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? Read(body, tokenUri) : throw TokenRefusal.Of(response, body, tokenUri, settings.Client, mask, clock.GetUtcNow());
        }
        catch (HttpRequestException fault) when (!_hasAnswered && TransientFault.NeverSent(fault))
        {
            // An address that never answered is likelier wrong than down: whoever typed it learns so at once. Renewals are patient.
            throw Unreachable(tokenUri, fault);
        }
    }

    private HttpRequestMessage Request(Uri tokenUri, string? scope)
    {
        Dictionary<string, string> form = new() { ["grant_type"] = "client_credentials" };
        if (!string.IsNullOrWhiteSpace(scope))
        {
            form["scope"] = scope;
        }

        HttpRequestMessage request = new(HttpMethod.Post, tokenUri);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        settings.Client.Apply(request, form, tokenUri);
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private AccessToken Read(WireBody body, Uri tokenUri)
    {
        using JsonDocument document = body.ParseJson(out string? fault) ?? throw TokenRefusal.Unusable(tokenUri, $"what came cannot be used: {fault}", null);
        JsonElement root = document.RootElement;
        if (root.Text("access_token") is not { } token)
        {
            throw TokenRefusal.Unusable(tokenUri, "the answer holds no access_token", null);
        }

        RequireBearer(root, token, tokenUri);
        return new AccessToken(token, Lifetime(root), root.Text("scope") is { } scope ? ShownText.Of(scope.Replace(token, "…", StringComparison.Ordinal), mask, MaxScopeChars) : null);
    }

    /// <summary>The type of the token, in any case; servers that leave it out mean the only one there is in SMART.</summary>
    private void RequireBearer(JsonElement root, string token, Uri tokenUri)
    {
        JsonElement type = root.Member("token_type");
        string? named = root.Text("token_type");
        if (type.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null || "bearer".Equals(named?.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        string text = type.ValueKind == JsonValueKind.String ? ShownText.Of((named ?? "").Replace(token, "…", StringComparison.Ordinal), mask, MostShown) : $"({type.ValueKind} in JSON)";
        throw TokenRefusal.ForeignType(tokenUri, $"'{text}'");
    }

    /// <summary>Some servers write the number as a string, or 0, or leave it out.</summary>
    private static TimeSpan Lifetime(JsonElement root)
    {
        double seconds = root.Number("expires_in") ?? 0;
        return seconds is > 0 and < 1e8 ? TimeSpan.FromSeconds(seconds) : s_assumedLifetime;
    }

    private void WarnIfNarrower(AccessToken token, string? asked)
    {
        if (asked is null || token.Scope is null)
        {
            return;
        }

        IReadOnlyList<string> missing = SmartScope.Missing(asked, token.Scope);
        if (missing.Count > 0)
        {
            caution($"The server granted a narrower scope ('{token.Scope}') than was asked for ('{asked}'): data may be missing.");
        }
    }
}
