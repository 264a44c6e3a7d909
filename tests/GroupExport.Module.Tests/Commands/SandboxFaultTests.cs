using System.Collections;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>A whole export against each fault of the practice server: what passes by itself leaves a complete folder, all else its own error.</summary>
public sealed class SandboxFaultTests : IDisposable
{
    private const string Export = "New-GroupExport $sandbox.GroupId -Type Patient, Observation";

    private readonly EngineRunspace _engine = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("group-export-test-").FullName;

    public void Dispose()
    {
        _engine.Run("$sandbox | Stop-ExportSandbox");
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("RelativeContentLocation")]
    [InlineData("ExtraEmptyFile")]
    [InlineData("InformationalOutcome")]
    [InlineData("StatusTooManyRequests", "-RetryAfterForm Seconds")]
    [InlineData("StatusTooManyRequests", "-RetryAfterForm HttpDate")]
    [InlineData("StatusTooManyRequests", "-RetryAfterForm PastDate")]
    [InlineData("StatusTooManyRequests", "-RetryAfterForm EpochSeconds")]
    [InlineData("StatusTooManyRequests", "-RetryAfterForm None")]
    [InlineData("StatusTransientOutcome")]
    [InlineData("StatusHtml503")]
    [InlineData("StatusCut")]
    [InlineData("NextPageTransient", "-ManifestPageSize 1")]
    [InlineData("ManifestWithoutTransactionTime")]
    [InlineData("ManifestWithoutRequest")]
    [InlineData("ManifestWithoutRequiresAccessToken")]
    [InlineData("ManifestWithoutError")]
    [InlineData("RequiresAccessTokenAsText")]
    [InlineData("EmptyOrganizedBy")]
    [InlineData("RelativeFileUrls")]
    [InlineData("ReorderedManifest")]
    [InlineData("ExpiredLink")]
    [InlineData("ExpiredLink", "-FileRedirect SecondOrigin307")]
    [InlineData("ExpiredLinkNotFound")]
    [InlineData("ExpiredLinkForbidden")]
    [InlineData("FileTooManyRequests", "-RetryAfterForm Seconds")]
    [InlineData("FileTooManyRequests", "-RetryAfterForm HttpDate")]
    [InlineData("FileTooManyRequests", "-RetryAfterForm PastDate")]
    [InlineData("FileTooManyRequests", "-RetryAfterForm EpochSeconds")]
    [InlineData("FileTooManyRequests", "-RetryAfterForm None")]
    [InlineData("FileUnavailable")]
    [InlineData("TruncatedFile")]
    [InlineData("TruncatedFile", "-FileValidator Weak")]
    [InlineData("TruncatedFile", "-FileValidator None")]
    [InlineData("StalledFile", "", "-StallTimeout 0.5")]
    [InlineData("ResetConnection")]
    [InlineData("TruncatedGzip")]
    [InlineData("TruncatedGzip", "", "-Compress")]
    [InlineData("CarriageReturns")]
    [InlineData("BlankLines")]
    [InlineData("NoFinalNewline")]
    [InlineData("ByteOrderMark")]
    [InlineData("EmptyFile")]
    [InlineData("TokenRejected")]
    [InlineData("ExpiresInAsText")]
    [InlineData("TokenUnavailable")]
    [InlineData("KickOffUnavailable")]
    [InlineData("KickOffTooManyRequests")]
    public void A_fault_that_passes_leaves_a_complete_export(string fault, string serverOptions = "", string saveOptions = "")
    {
        Start($"-Fault {fault} {serverOptions}");

        _engine.Run($"{Export} | Save-ExportFiles $out {saveOptions}").AssertNoErrors();

        AssertComplete();
        Assert.Equal(1, Fired(fault));
    }

    [Fact]
    public void Gzip_that_was_not_asked_for_is_read_all_the_same()
    {
        Start("-Fault TruncatedGzip, GzipUnasked");

        _engine.Run($"{Export} | Save-ExportFiles $out").AssertNoErrors();

        AssertComplete();
        Assert.Equal(1, Fired("GzipUnasked"));
    }

    [Theory]
    [InlineData(3, "FhirQuery", "")]
    [InlineData(4, "FhirParameters", "")]
    [InlineData(3, "FhirQuery", "-Fault SeparateStatusNotApplied")]
    [InlineData(4, "FhirParameters", "-Fault SeparateStatusNotApplied")]
    public void A_separate_export_status_that_is_asked_for_may_be_applied_or_not(int version, string style, string fault)
    {
        Start($"-SpecVersion {version} {fault}", $"-RequestStyle {style} -SpecVersion {version} -Header @{{ Prefer = 'respond-async, separate-export-status' }}");

        _engine.Run($"{Export} | Save-ExportFiles $out").AssertNoErrors();

        IEnumerable<object> statuses = _engine.Run("$sandbox.Requests | Where-Object Path -like '*/bulk-status/*' | ForEach-Object StatusCode").AssertNoErrors().Output.Select(status => status.BaseObject);
        Assert.Equal(fault.Length > 0, statuses.Contains(202));
        AssertComplete();
    }

    [Theory]
    [InlineData("KickOffCut", "KickOffUncertain")]
    [InlineData("NoContentLocation", "StatusUrlMissing")]
    [InlineData("NarrowScope", "AccessDenied")]
    public void A_fault_of_the_kick_off_has_its_error(string fault, string id)
    {
        Start($"-Fault {fault}");

        Assert.Equal($"{id},GroupExport.Commands.NewGroupExportCommand", _engine.Run($"{Export} | Save-ExportFiles $out").Error.FullyQualifiedErrorId);

        Assert.Equal(1, Fired(fault));
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    [Theory]
    [InlineData("JobFailed", "ExportFailed")]
    [InlineData("JobInvalid", "ExportFailed")]
    [InlineData("JobForgotten", "JobNotFound")]
    [InlineData("NextPageFatal", "InvalidManifest", "-ManifestPageSize 1")]
    [InlineData("ErrorOutcome", "ServerReportedErrors", "", "CompletedWithErrors")]
    public void A_fault_of_the_export_has_its_error(string fault, string id, string serverOptions = "", string state = "Incomplete")
    {
        Start($"-Fault {fault} {serverOptions}");

        Assert.Equal($"{id},GroupExport.Commands.SaveExportFilesCommand", _engine.Run($"{Export} | Save-ExportFiles $out").Error.FullyQualifiedErrorId);

        Assert.Equal(state, _engine.Run("Get-ExportReceipt $out").Value("State"));
        Assert.Equal(1, Fired(fault));
    }

    [Theory]
    [InlineData("CountMismatch", "CountMismatch")]
    [InlineData("WrongType", "InvalidFile")]
    [InlineData("BrokenJson", "InvalidFile")]
    [InlineData("OutcomeInsteadOfFile", "InvalidFile")]
    public void A_file_that_came_wrong_is_told_of_and_can_be_fetched_anew(string fault, string id)
    {
        Start($"-Fault {fault}");

        EngineRun run = _engine.Run($"{Export} | Save-ExportFiles $out");

        Assert.Equal($"{id},GroupExport.Commands.SaveExportFilesCommand", run.Error.FullyQualifiedErrorId);
        Assert.Equal(1, Fired(fault));
        Assert.Equal("Incomplete", _engine.Run("Get-ExportReceipt $out").Value("State"));
        _engine.Run("Get-ExportReceipt $out | Save-ExportFiles -RetryInvalid").AssertNoErrors();
        AssertComplete();
    }

    [Theory]
    [InlineData(3, "FhirQuery")]
    [InlineData(4, "FhirParameters")]
    public void An_error_is_told_of_once_however_many_pages_the_manifest_has(int version, string style)
    {
        Start($"-SpecVersion {version} -ManifestPageSize 1 -Fault ErrorOutcome", $"-RequestStyle {style} -SpecVersion {version}");

        Assert.Contains("reports 1 error ", _engine.Run($"{Export} | Save-ExportFiles $out").Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_removal_that_is_refused_has_its_error_and_can_be_repeated()
    {
        Start("-Fault RemovalRefused");
        _engine.Run($"$job = {Export}; $job | Save-ExportFiles $out").AssertNoErrors();

        Assert.Equal("RemovalFailed,GroupExport.Commands.RemoveGroupExportCommand", _engine.Run("$job | Remove-GroupExport").Error.FullyQualifiedErrorId);

        _engine.Run("$job | Remove-GroupExport").AssertNoErrors();
        AssertComplete();
    }

    [Theory]
    [InlineData(2, "FhirQuery")]
    [InlineData(2, "FhirParameters")]
    [InlineData(3, "FhirQuery")]
    [InlineData(3, "FhirParameters")]
    [InlineData(4, "FhirParameters")]
    [InlineData(2, "FhirQuery", "-ManifestPageSize 1")]
    [InlineData(3, "FhirQuery", "-LinkLifetime 60")]
    [InlineData(2, "FhirQuery", "", "-Since 2000-01-01T00:00:00Z -Element Patient.name, id -IncludeAssociatedData LatestProvenanceResources")]
    [InlineData(4, "FhirParameters", "", "-Since 2000-01-01T00:00:00Z -Element Patient.name, id -IncludeAssociatedData LatestProvenanceResources")]
    [InlineData(3, "FhirQuery", "", "-TypeFilter 'Patient?gender=male,female', 'Observation?status=final'")]
    [InlineData(4, "FhirParameters", "", "-TypeFilter 'Patient?gender=male,female', 'Observation?status=final'")]
    [InlineData(3, "FhirQuery", "", "-AllowPartialManifests")]
    [InlineData(4, "FhirParameters", "", "-AllowPartialManifests")]
    [InlineData(3, "FhirQuery", "-MaxResourcesPerFile 10", "-OrganizeOutputBy Patient")]
    [InlineData(4, "FhirParameters", "-MaxResourcesPerFile 10", "-OrganizeOutputBy Patient")]
    [InlineData(3, "FhirQuery", "-Fault AbsoluteHeaderReference", "-OrganizeOutputBy Patient")]
    [InlineData(3, "FhirQuery", "-Fault BlockWithoutPatient", "-OrganizeOutputBy Patient")]
    public void Every_version_of_the_standard_can_be_exported_from(int version, string style, string serverOptions = "", string parameters = "")
    {
        Start($"-SpecVersion {version} {serverOptions}", $"-RequestStyle {style} -SpecVersion {version}");

        _engine.Run($"{Export} {parameters} | Save-ExportFiles $out").AssertNoErrors();

        AssertComplete();
    }

    [Theory]
    [InlineData("-Fault Nonsense")]
    [InlineData("-Fault TruncatedFile=0")]
    [InlineData("-ManifestPageSize 0")]
    [InlineData("-LinkLifetime 0")]
    public void An_option_that_makes_no_sense_keeps_the_sandbox_from_starting(string options) =>
        Assert.Equal("SandboxFailed,GroupExport.Commands.StartExportSandboxCommand", _engine.Run($"Start-ExportSandbox {options}").Error.FullyQualifiedErrorId);

    [Fact]
    public void A_list_of_faults_that_was_never_set_is_none()
    {
        Start("-Fault $null");

        Assert.Empty((IDictionary)_engine.Run("$sandbox").Value("FaultCounts")!);
    }

    [Fact]
    public void Names_of_faults_are_completed()
    {
        EngineRun run = _engine.Run("([System.Management.Automation.CommandCompletion]::CompleteInput('Start-ExportSandbox -Fault Trunc', 32, $null)).CompletionMatches.CompletionText");

        Assert.Equal(["TruncatedFile", "TruncatedGzip"], run.AssertNoErrors().Output.Select(text => text.BaseObject));
    }

    private void Start(string serverOptions, string connectOptions = "") =>
        _engine.Run(
            $"$sandbox = Start-ExportSandbox -PatientCount 3 -ExportDuration 0.1 -RetryAfter 0 -SigningAlgorithm ES384 {serverOptions}; $null = $sandbox | Connect-GroupExport {connectOptions}",
            ("out", Path.Combine(_folder, "out"))).AssertNoErrors();

    private void AssertComplete()
    {
        Assert.Equal("Complete", _engine.Run("Get-ExportReceipt $out").Value("State"));
        Assert.True((bool)_engine.Run("Test-ExportFiles $out -Quiet").AssertNoErrors().Output.Single().BaseObject);
    }

    private object? Fired(string fault) => ((IDictionary)_engine.Run("$sandbox").Value("FaultCounts")!)[fault];
}
