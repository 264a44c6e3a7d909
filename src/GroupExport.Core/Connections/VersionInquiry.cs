using System.Net;
using GroupExport.Http;

namespace GroupExport.Connections;

/// <summary>Asks a server, once however many wait for it, which version of Bulk Data Access it speaks.</summary>
/// <remarks>
/// Never a precondition (Bulk Data Access 3 and 4, "Data Provider Capability Documentation"): a statement that is missing, slow or none leaves the default.
/// A server that gave no answer at all is asked again at the next kick-off.
/// </remarks>
internal sealed class VersionInquiry(GroupExportConnection connection)
{
    private const int MostBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private Task<SpokenVersion?>? _asked;

    /// <summary>What the server says it runs, as far as it has been asked.</summary>
    public ServerSoftware Software { get; private set; } = ServerSoftware.Unknown;

    /// <summary>The search parameters that the server lists, as far as it has been asked.</summary>
    public ServerSearches Searches { get; private set; } = ServerSearches.Unknown;

    /// <summary>What the server speaks; null when it could not be asked, which the kick-off will tell better.</summary>
    public async Task<SpokenVersion?> AskAsync(CancellationToken cancellationToken)
    {
        Task<SpokenVersion?> asked;
        lock (_gate)
        {
            // Nobody's cancellation ends a request that others wait for too.
            asked = _asked ??= Task.Run(AskOnceAsync, CancellationToken.None);
        }

        return await asked.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<SpokenVersion?> AskOnceAsync()
    {
        ConnectionSettings settings = connection.Settings;
        using CancellationTokenSource patience = new(s_patience, settings.Clock);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, new Uri(settings.FhirBase, "metadata"));
            request.Headers.TryAddWithoutValidation("Accept", "application/fhir+json");
            using HttpResponseMessage response = await connection.SendAsync(request.WithToken(TokenRule.OwnOrigin).FollowingRedirects(), patience.Token).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK
                ? Spoken((await WireBody.ReadAsync(response, MostBytes, patience.Token).ConfigureAwait(false)).Utf8, settings)
                : Unsaid($"metadata answers HTTP {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return Unsaid($"metadata gives no answer within {s_patience.TotalSeconds:0} s");
        }
        catch (Exception fault) when (fault is ExportException || TransientFault.IsTransient(fault))
        {
            lock (_gate)
            {
                _asked = null;
            }

            return null;
        }

        SpokenVersion Unsaid(string why) => settings.SpecVersion is { } given
            ? new SpokenVersion(given, GroupExportOperation.Export, $"Requests are written for version {given} of Bulk Data Access, as -SpecVersion says ({why}).")
            : SpokenVersion.Unsaid(why);

        SpokenVersion Spoken(ReadOnlyMemory<byte> json, ConnectionSettings asked)
        {
            if (CapabilityStatement.Read(json) is not { } statement)
            {
                return Unsaid("what metadata gives is no CapabilityStatement");
            }

            Software = statement.Software;
            Searches = statement.Searches;
            return SpokenVersion.Of(statement, asked.SpecVersion);
        }
    }
}
