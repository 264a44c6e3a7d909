using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Http;

namespace GroupExport.Checks;

/// <summary>Looks at a connection from the outside in: server, clock, key, discovery, token, scope, <c>$export</c>, group. Nothing is started at the server.</summary>
/// <remarks>The order is that in which things fail: what comes later needs what comes before.</remarks>
internal sealed class ConnectionChecks(GroupExportConnection connection, string? groupId)
{
    private const int MostBytes = 16 * 1024 * 1024;

    private readonly ConnectionSettings _settings = connection.Settings;
    private bool _isAuthorized;

    /// <summary>One result after the other; a failure of one never keeps the next from being made.</summary>
    public async IAsyncEnumerable<ConnectionCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ServerVisit visit = await ServerVisit.MakeAsync(connection, cancellationToken).ConfigureAwait(false);
        yield return visit.Server.As("Server");
        yield return visit.Clock.As("Clock");
        yield return await CheckAsync("Key", _ => Task.FromResult(Key()), cancellationToken).ConfigureAwait(false);
        SmartConfiguration? found = null;
        yield return await CheckAsync("Discovery", async token => Discovered(found = await DiscoverAsync(token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        AccessToken? granted = null;
        yield return await CheckAsync("Token", async token => Granted(granted = await connection.Tokens.AskAnewAsync(token).ConfigureAwait(false)), cancellationToken).ConfigureAwait(false);
        yield return await CheckAsync("Scope", _ => Task.FromResult(Scope(granted, _settings.TokenSettings?.Scope ?? found?.DefaultScope)), cancellationToken).ConfigureAwait(false);
        yield return await CheckAsync("Export", ExportAsync, cancellationToken).ConfigureAwait(false);
        if (groupId is not null)
        {
            yield return await CheckAsync("Group", GroupAsync, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ConnectionCheck> CheckAsync(string name, Func<CancellationToken, Task<Finding>> look, CancellationToken cancellationToken)
    {
        Finding finding;
        try
        {
            finding = await look(cancellationToken).ConfigureAwait(false);
        }
        catch (ExportException failure)
        {
            finding = Finding.Bad(failure.Message);
        }
        catch (ObjectDisposedException) when (!connection.IsOpen)
        {
            finding = Finding.Bad("This connection was closed. Open a new one with Connect-GroupExport.");
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            finding = Finding.Bad($"No answer: {TransientFault.Describe(fault)}.");
        }

        return finding.As(name);
    }

    private Finding Key()
    {
        if (_settings.TokenSettings is not { Client: { KeyName: { } name } client } asked)
        {
            return Finding.Good($"No key is needed: the connection is authorized by {connection.Authorization}.");
        }

        using HttpRequestMessage trial = new();
        client.Apply(trial, new Dictionary<string, string>(), asked.TokenUri ?? _settings.FhirBase);
        return Finding.Good($"{name} signs for client {client.ClientId}.");
    }

    private async Task<SmartConfiguration?> DiscoverAsync(CancellationToken cancellationToken) =>
        _settings.TokenSettings is { TokenUri: null } ? await connection.DiscoverAsync(cancellationToken).ConfigureAwait(false) : null;

    private Finding Discovered(SmartConfiguration? found)
    {
        if (_settings.TokenSettings is not { } asked)
        {
            return Finding.Good("Not needed: no token is asked for.");
        }

        if (found is null)
        {
            return Finding.Good($"Not needed: the token URL is {ShownUri.Of(asked.TokenUri!)}.");
        }

        return found.Misses(asked.Client) is { } missing
            ? Finding.Bad($"The token URL is {ShownUri.Of(found.TokenEndpoint)}, but {missing}.")
            : Finding.Good($"The token URL is {ShownUri.Of(found.TokenEndpoint)}.");
    }

    private Finding Granted(AccessToken? token)
    {
        _isAuthorized = true;
        return token is null
            ? Finding.Good(connection.HasTokens ? "An access token from elsewhere; the checks below tell whether the server takes it." : "Not needed: the connection is open.")
            : Finding.Good($"Granted for {token.Lifetime.TotalSeconds:0} s.");
    }

    private Finding Scope(AccessToken? granted, string? asked)
    {
        if (!_isAuthorized)
        {
            return Finding.NotTried;
        }

        if (granted is null)
        {
            return Finding.Good("Not known: no token was asked for.");
        }

        if (granted.Scope is null)
        {
            return Finding.Good(asked is null ? "None was asked for, and the server does not say what it granted." : $"Asked for '{asked}'; the server does not say what it granted, which means the same (RFC 6749, 5.1).");
        }

        IReadOnlyList<string> missing = asked is null ? [] : SmartScope.Missing(asked, granted.Scope);
        return missing.Count > 0
            ? Finding.Bad($"Not granted: {string.Join(' ', missing)} (granted: '{granted.Scope}'). Have the client granted more, or ask for less with -Scope.")
            : Finding.Good($"Granted: {granted.Scope}.");
    }

    private async Task<Finding> ExportAsync(CancellationToken cancellationToken)
    {
        if (!_isAuthorized)
        {
            return Finding.NotTried;
        }

        using HttpResponseMessage response = await GetAsync("metadata", cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            ServerAnswer answer = await ServerAnswer.ReadAsync(response, connection.Mask, cancellationToken).ConfigureAwait(false);
            return answer.StatusCode == 401
                ? Finding.Bad($"The server does not accept the authorization ({answer}). Check the token's audience and the client's rights.")
                : Finding.Good($"Not known: the server shows no CapabilityStatement ({answer}), which is no obstacle.");
        }

        CapabilityStatement? statement = CapabilityStatement.Read((await WireBody.ReadAsync(response, MostBytes, cancellationToken).ConfigureAwait(false)).Utf8);
        return statement switch
        {
            null => Finding.Good("Not known: what came is no CapabilityStatement, which is no obstacle."),
            { HasGroupExport: true } => Finding.Good("The CapabilityStatement names $export on Group."),
            _ => Finding.Good("The CapabilityStatement does not name $export on Group. Many servers leave it out; if kick-offs are refused, check the base URL."),
        };
    }

    private async Task<Finding> GroupAsync(CancellationToken cancellationToken)
    {
        if (!_isAuthorized)
        {
            return Finding.NotTried;
        }

        long started = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await GetAsync($"Group/{Uri.EscapeDataString(groupId!)}", cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return Finding.Good($"Group {groupId} can be read ({Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms).");
        }

        ServerAnswer answer = await ServerAnswer.ReadAsync(response, connection.Mask, cancellationToken).ConfigureAwait(false);
        return Finding.Bad(answer.StatusCode switch
        {
            404 or 410 => $"There is no group {groupId} ({answer}). Check the id.",
            401 or 403 => $"Group {groupId} may not be read by this client ({answer}). Its export can be allowed all the same; else have the group granted.",
            _ => $"Group {groupId} cannot be read ({answer}).",
        });
    }

    private Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = new(HttpMethod.Get, new Uri(_settings.FhirBase, path));
        request.Headers.TryAddWithoutValidation("Accept", "application/fhir+json");
        return connection.SendAsync(request.WithToken(TokenRule.TrustedOrigins).FollowingRedirects(), cancellationToken);
    }
}
