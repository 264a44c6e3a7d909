using System.Net;
using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Sandbox;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Authorization;

/// <summary>An export that takes much longer than its tokens live, on one clock for client and server.</summary>
public sealed class OutlivedTokenTests
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task It_is_waited_for_and_saved_with_one_token_request_a_lifetime()
    {
        SkippingClock clock = new();
        DateTimeOffset started = clock.GetUtcNow();
        using ExportSandbox sandbox = ExportSandbox.Start(new SandboxOptions
        {
            Authorization = SandboxAuthorization.PrivateKeyJwt,
            SigningAlgorithm = "ES384",
            TokenLifetime = s_lifetime,
            ExportDuration = TimeSpan.FromSeconds(24),
            PatientCount = 30,
            MaxResourcesPerFile = 1,
            Clock = clock,
        });
        using GroupExportConnection connection = Open(sandbox, clock);
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is Waiting)
                {
                    clock.SkipNextTimer();
                }
                else if (happening is Remark remark && remark.Text.Contains(" to Patient.", StringComparison.Ordinal))
                {
                    // A file takes a second.
                    clock.Advance(TimeSpan.FromSeconds(1));
                }
            },
        };
        using TemporaryFolder folder = new();
        using SemaphoreSlim slots = new(1);

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = sandbox.GroupId, Types = ["Patient"] });
        using ExportFolder open = ExportFolder.OpenFor(job, folder.Path);
        await new SaveJob(job, open, () => connection, new SaveOptions { Slots = slots, ThrottleLimit = 1 }, reports.Add).RunAsync(CancellationToken.None);

        double lifetimes = (clock.GetUtcNow() - started) / s_lifetime;
        Assert.Equal(("Complete", 30), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
        Assert.True(lifetimes > 20, $"the export took {lifetimes} lifetimes");
        Assert.InRange(sandbox.TokenRequestCount, Math.Floor(lifetimes), Math.Ceiling(lifetimes) + 1);
    }

    private static GroupExportConnection Open(ExportSandbox sandbox, TimeProvider clock)
    {
        Uri fhirBase = ConnectionSettings.CheckedServer(sandbox.FhirBaseUri);
        SigningKey key = KeyReader.Read(new NetworkCredential("", sandbox.PrivateKey).Password, new KeyHints());
        return new ConnectionSettings
        {
            FhirBase = fhirBase,
            TokenSettings = new TokenSettings(new PrivateKeyJwt(key, sandbox.ClientId!, clock), fhirBase, TokenUri: null, Scope: null),
            Clock = clock,
        }.Open();
    }
}
