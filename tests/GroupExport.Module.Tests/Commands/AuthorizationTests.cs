using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Connections by key, secret and token against a sandbox that checks them.</summary>
public sealed class AuthorizationTests : IDisposable
{
    private readonly EngineRunspace _engine = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public void Dispose()
    {
        _engine.Run("$sandbox | Stop-ExportSandbox");
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("-SigningAlgorithm RS384", "PrivateKeyJwt")]
    [InlineData("-SigningAlgorithm ES384", "PrivateKeyJwt")]
    [InlineData("-Authorization ClientSecret", "ClientSecret")]
    [InlineData("-Authorization None", "None")]
    public void A_sandbox_hands_what_it_demands_to_the_connection(string parameters, string method)
    {
        Assert.Equal(method, Run($"$sandbox = Start-ExportSandbox -PatientCount 2 -ExportDuration 0.1 -RetryAfter 0 {parameters}; $sandbox | Connect-GroupExport").Value("Authorization"));

        Run("New-GroupExport $sandbox.GroupId | Save-ExportFiles $out").AssertNoErrors();

        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Fact]
    public void A_FHIR_base_tells_its_token_URL_below_itself()
    {
        Run("""
            $sandbox = Start-ExportSandbox -PatientCount 2 -ExportDuration 0.1 -RetryAfter 0
            $null = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -ClientId $sandbox.ClientId -PrivateKey $sandbox.PrivateKey
            New-GroupExport $sandbox.GroupId | Save-ExportFiles $out
            """).AssertNoErrors();

        string[] paths = [.. ((IEnumerable)Run("$sandbox").Value("Requests")!).Cast<object>().Select(request => (string)PSObject.AsPSObject(request).Properties["Path"].Value)];
        Assert.Equal(["/fhir/.well-known/smart-configuration", "/v2/auth/token"], paths[..2]);
    }

    [Theory]
    [InlineData("-FhirBaseUri $sandbox.FhirBaseUri", "system/*.rs")]
    [InlineData("-FhirBaseUri $sandbox.FhirBaseUri -TokenUri $sandbox.TokenUri", "system/*.read")]
    [InlineData("-FhirBaseUri $sandbox.FhirBaseUri -TokenUri $sandbox.TokenUri -Scope system/Patient.rs, system/Group.rs", "system/Patient.rs system/Group.rs")]
    [InlineData("-FhirBaseUri $sandbox.FhirBaseUri -TokenUri $sandbox.TokenUri -Scope ''", null)]
    [InlineData("-DestinationSlug $sandbox.DestinationSlug -EnvironmentFlag Development -BaseUri $sandbox.BaseUri", null)]
    [InlineData("-DestinationSlug $sandbox.DestinationSlug -EnvironmentFlag Development -BaseUri $sandbox.BaseUri -TokenUri $sandbox.TokenUri", null)]
    public void A_FHIR_server_is_asked_for_a_scope_and_Redox_is_not(string server, string? scope)
    {
        Run($"$sandbox = Start-ExportSandbox -PatientCount 1; $null = Connect-GroupExport {server} -ClientId $sandbox.ClientId -PrivateKey $sandbox.PrivateKey; $null = New-GroupExport $sandbox.GroupId -Type Patient").AssertNoErrors();

        PSObject request = ((IEnumerable)Run("$sandbox").Value("Requests")!).Cast<object>().Select(PSObject.AsPSObject).Single(request => (string)request.Properties["Path"].Value == "/v2/auth/token");
        string body = (string)request.Properties["Body"].Value;
        Assert.Contains("grant_type=client_credentials", body);
        Assert.Equal(scope, body.Split('&').Where(pair => pair.StartsWith("scope=", StringComparison.Ordinal)).Select(pair => Uri.UnescapeDataString(pair["scope=".Length..].Replace('+', ' '))).SingleOrDefault());
    }

    [Fact]
    public void An_export_outlives_its_tokens_with_about_one_token_request_a_lifetime()
    {
        const int Duration = 8;
        const int Lifetime = 2;
        long started = Stopwatch.GetTimestamp();
        Run($"""
            $sandbox = Start-ExportSandbox -PatientCount 2 -ExportDuration {Duration} -RetryAfter 0 -TokenLifetime {Lifetime}
            $null = $sandbox | Connect-GroupExport
            New-GroupExport $sandbox.GroupId | Save-ExportFiles $out
            """).AssertNoErrors();

        // A token is renewed in the last fifth of its life; an export on a slow machine outlives more of them.
        double maxRenewals = Math.Ceiling(Stopwatch.GetElapsedTime(started).TotalSeconds / (Lifetime * 0.8));
        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
        Assert.InRange((int)Run("$sandbox").Value("TokenRequestCount")!, Duration / Lifetime, 1 + maxRenewals);
    }

    [Theory]
    [InlineData("-SeparateFileOrigin -FileOriginDemandsToken -RequiresAccessToken $true", "UntrustedFileOrigin")]
    [InlineData("-SeparateFileOrigin -FileOriginDemandsToken -RequiresAccessToken $false", "FileFailed")]
    [InlineData("-SeparateFileOrigin -RequiresAccessToken $false", null)]
    [InlineData("-FileRedirect SecondOrigin307", null)]
    public void A_second_origin_sees_no_token(string parameters, string? error)
    {
        EngineRun run = Run($"$sandbox = Start-ExportSandbox -PatientCount 1 -ExportDuration 0.1 -RetryAfter 0 {parameters}; $null = $sandbox | Connect-GroupExport; New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles $out");

        Assert.Equal(error is null ? [] : [$"{error},GroupExport.Commands.SaveExportFilesCommand"], run.AllErrors.Select(failure => failure.FullyQualifiedErrorId));
        Assert.All(
            ((IEnumerable)Run("$sandbox").Value("FileOriginRequests")!).Cast<object>(),
            request => Assert.DoesNotContain("Authorization", ((IEnumerable<KeyValuePair<string, string>>)PSObject.AsPSObject(request).Properties["Headers"].Value).Select(header => header.Key), StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_trusted_second_origin_gets_the_token_when_it_is_required()
    {
        Run("""
            $sandbox = Start-ExportSandbox -PatientCount 1 -ExportDuration 0.1 -RetryAfter 0 -SeparateFileOrigin -FileOriginDemandsToken -RequiresAccessToken $true
            $null = $sandbox | Connect-GroupExport -TrustedOrigin $sandbox.FileOrigin
            New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles $out
            """).AssertNoErrors();

        Assert.Equal("Complete", Run("Get-ExportReceipt $out").Value("State"));
    }

    [Theory]
    [InlineData("Connect-GroupExport -FhirBaseUri https://fhir.example.org -ClientId x", "InvalidParameter")]
    [InlineData("Connect-GroupExport -FhirBaseUri https://fhir.example.org -PrivateKey $sandbox.PrivateKey", "InvalidParameter")]
    [InlineData("Connect-GroupExport -FhirBaseUri https://fhir.example.org -ClientId x -PrivateKey $sandbox.PrivateKey -Credential ([pscredential]::new('x', $sandbox.PrivateKey))", "InvalidParameter")]
    [InlineData("Connect-GroupExport -FhirBaseUri https://fhir.example.org -ClientId x -PrivateKeyPath $out/none.jwk", "KeyFileUnreadable")]
    [InlineData("Connect-GroupExport -FhirBaseUri https://fhir.example.org -Header @{ Authorization = 'Bearer x' }", "InvalidParameter")]
    [InlineData("$null = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -ClientId stranger -PrivateKey $sandbox.PrivateKey; New-GroupExport $sandbox.GroupId", "InvalidClient")]
    [InlineData("$null = Connect-GroupExport -FhirBaseUri $sandbox.FhirBaseUri -ClientId $sandbox.ClientId -PrivateKey $sandbox.PrivateKey -TokenUri \"$($sandbox.BaseUri)nowhere\"; New-GroupExport $sandbox.GroupId", "TokenEndpointUnusable")]
    [InlineData("$null = Connect-GroupExport -FhirBaseUri \"$($sandbox.BaseUri)r5\" -ClientId $sandbox.ClientId -PrivateKey $sandbox.PrivateKey; New-GroupExport $sandbox.GroupId", "DiscoveryFailed")]
    public void Each_fault_of_authorization_has_an_error_of_its_own(string script, string id)
    {
        EngineRun run = Run($"$sandbox = Start-ExportSandbox -PatientCount 1; {script}");

        Assert.Equal(id, run.Error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.NotNull(run.Error.TargetObject);
    }

    [Fact]
    public void A_narrower_scope_than_was_asked_for_draws_a_warning()
    {
        EngineRun run = Run("$sandbox = Start-ExportSandbox -PatientCount 1 -GrantedScope system/Patient.rs; $null = $sandbox | Connect-GroupExport -Scope system/Patient.rs, system/Observation.rs; New-GroupExport $sandbox.GroupId -Type Patient").AssertNoErrors();

        Assert.Contains("narrower scope", Assert.Single(run.Warnings));
    }

    private EngineRun Run(string script) => _engine.Run(script, ("out", Path.Combine(_folder, "out")));
}
