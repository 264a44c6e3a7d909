using System.Management.Automation;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Each piece of bad input has its own error, and nothing is sent or written.</summary>
public sealed class BadInputTests : SandboxRunspace
{
    private const string New = "GroupExport.Commands.NewGroupExportCommand";
    private const string Connect = "GroupExport.Commands.ConnectGroupExportCommand";
    private const string Status = "GroupExport.Commands.GetExportStatusCommand";
    private const string Remove = "GroupExport.Commands.RemoveGroupExportCommand";
    private const string Test = "GroupExport.Commands.TestGroupExportConnectionCommand";
    private const string Receipt = "GroupExport.Commands.GetExportReceiptCommand";
    private const string Save = "GroupExport.Commands.SaveExportFilesCommand";

    [Theory]
    [InlineData("New-GroupExport g -Type Observaton", "UnknownResourceType", New, ErrorCategory.InvalidArgument, "Did you mean Observation?")]
    [InlineData("New-GroupExport g -Type 'Patient,Observation'", "UnknownResourceType", New, ErrorCategory.InvalidArgument, "as an array")]
    [InlineData("'Observaton' | New-GroupExport g", "UnknownInput", New, ErrorCategory.InvalidData, "did you mean Observation?")]
    [InlineData("'12345' | New-GroupExport g", "UnknownInput", New, ErrorCategory.InvalidData, "Piped object 1")]
    [InlineData("$null | New-GroupExport g", "UnknownInput", New, ErrorCategory.InvalidData, "Nothing was piped")]
    [InlineData("1 | New-GroupExport g", "UnknownInput", New, ErrorCategory.InvalidData, "Int32")]
    [InlineData("[pscustomobject]@{ id = 'x' } | New-GroupExport g", "UnknownInput", New, ErrorCategory.InvalidData, "columns Patient")]
    [InlineData("@{ resourceType = 'Observation'; id = 'x' } | New-GroupExport g", "UnknownInput", New, ErrorCategory.InvalidData, "only Patient resources")]
    [InlineData("@{ resourceType = 'Group'; id = 'x' } | New-GroupExport", "UnknownInput", New, ErrorCategory.InvalidData, "-GroupId")]
    [InlineData("New-GroupExport g -Patient 'Patient/1,Patient/2'", "InvalidPatient", New, ErrorCategory.InvalidArgument, "as an array")]
    [InlineData("New-GroupExport g -Patient Group/1", "InvalidPatient", New, ErrorCategory.InvalidArgument, "Patient/<id>")]
    [InlineData("New-GroupExport g -Patient Observation", "InvalidPatient", New, ErrorCategory.InvalidArgument, "Patient/<id>")]
    [InlineData("New-GroupExport g -Patient $null", "EmptyPatient", New, ErrorCategory.InvalidArgument, "leave -Patient out")]
    [InlineData("New-GroupExport g -Patient ''", "EmptyPatient", New, ErrorCategory.InvalidArgument, "leave -Patient out")]
    [InlineData("New-GroupExport g -Patient @()", "EmptyPatient", New, ErrorCategory.InvalidArgument, "leave -Patient out")]
    [InlineData("New-GroupExport g -Patient 'Patient/1', ' '", "EmptyPatient", New, ErrorCategory.InvalidArgument, "leave -Patient out")]
    [InlineData("[pscustomobject]@{ PatientId = '' } | New-GroupExport g", "EmptyPatient", New, ErrorCategory.InvalidArgument, "Piped object 1")]
    [InlineData("[pscustomobject]@{ Patient = $null } | New-GroupExport g", "EmptyPatient", New, ErrorCategory.InvalidArgument, "Piped object 1")]
    [InlineData("@{ Patient = @() } | New-GroupExport g", "EmptyPatient", New, ErrorCategory.InvalidArgument, "Piped object 1")]
    [InlineData("@() | New-GroupExport g", "EmptyPipeline", New, ErrorCategory.InvalidArgument, "brought nothing")]
    [InlineData("New-GroupExport g -Patient Patient/1 -Method Get", "PatientNeedsPost", New, ErrorCategory.InvalidArgument, "-Method Post")]
    [InlineData("New-GroupExport g -Since 2026-11-01", "InvalidInstant", New, ErrorCategory.InvalidArgument, "2026-11-01T00:00:00Z")]
    [InlineData("New-GroupExport g -Until 11/12/2026", "InvalidInstant", New, ErrorCategory.InvalidArgument, "-Until")]
    [InlineData("New-GroupExport g -Since 2026-02-30T00:00:00Z", "InvalidInstant", New, ErrorCategory.InvalidArgument, "-Since")]
    [InlineData("New-GroupExport g -Since ([datetime] '2026-11-01')", "InvalidInstant", New, ErrorCategory.InvalidArgument, "without a zone")]
    [InlineData("'Patient/1' | New-GroupExport g, h", "AmbiguousPatientGroup", New, ErrorCategory.InvalidArgument, "Give each patient a GroupId")]
    [InlineData("'Patient/1' | New-GroupExport", "MissingGroup", New, ErrorCategory.InvalidArgument, "-GroupId")]
    [InlineData("New-GroupExport a/b", "InvalidGroupId", New, ErrorCategory.InvalidArgument, "without slashes")]
    [InlineData("New-GroupExport Group/a/b", "InvalidGroupId", New, ErrorCategory.InvalidArgument, "without slashes")]
    [InlineData("New-GroupExport ..", "InvalidGroupId", New, ErrorCategory.InvalidArgument, "'..'")]
    [InlineData("New-GroupExport ''", "InvalidGroupId", New, ErrorCategory.InvalidArgument, "no group id")]
    [InlineData("@{ Patient = 'Patient/1'; GroupId = 'h' } | New-GroupExport g", "GroupConflict", New, ErrorCategory.InvalidArgument, "-GroupId says g")]
    [InlineData("New-GroupExport g -Destination @{ Id = 'no-uuid' }", "InvalidMeta", New, ErrorCategory.InvalidArgument, "no UUID")]
    [InlineData("New-GroupExport g -Source @{ Nmae = 'x' }", "InvalidMeta", New, ErrorCategory.InvalidArgument, "'Nmae'")]
    [InlineData("New-GroupExport g -Log text", "InvalidMeta", New, ErrorCategory.InvalidArgument, "hashtables")]
    [InlineData("New-GroupExport g -TypeFilter 'Observation?status=final,amended', 'Condition?x=y'", "InvalidParameter", New, ErrorCategory.InvalidArgument, "comma")]
    [InlineData("New-GroupExport g -InputObject @()", "EmptyPipeline", New, ErrorCategory.InvalidArgument, "brought nothing")]
    [InlineData("New-GroupExport g -Type @()", "InvalidParameter", New, ErrorCategory.InvalidArgument, "-Type is given but empty")]
    [InlineData("New-GroupExport g -Type $null", "InvalidParameter", New, ErrorCategory.InvalidArgument, "-Type is given but empty")]
    [InlineData("New-GroupExport g -TypeFilter $null", "InvalidParameter", New, ErrorCategory.InvalidArgument, "-TypeFilter is given but empty")]
    [InlineData("New-GroupExport g -Since $null", "InvalidParameter", New, ErrorCategory.InvalidArgument, "-Since is given but empty")]
    [InlineData("[pscustomobject]@{ Type = '' } | New-GroupExport g", "UnknownInput", New, ErrorCategory.InvalidData, "Piped object 1")]
    [InlineData("New-GroupExport g -Element 'id,name'", "InvalidParameter", New, ErrorCategory.InvalidArgument, "-Element id, Patient.name")]
    [InlineData("New-GroupExport g -Element id, 'Patient.'", "InvalidParameter", New, ErrorCategory.InvalidArgument, "'Patient.'")]
    [InlineData("New-GroupExport g -Element Pateint.name", "UnknownResourceType", New, ErrorCategory.InvalidArgument, "Did you mean Patient?")]
    [InlineData("New-GroupExport g -IncludeAssociatedData '_a,_b'", "InvalidParameter", New, ErrorCategory.InvalidArgument, "as an array")]
    [InlineData("New-GroupExport g -Element ''", "InvalidParameter", New, ErrorCategory.InvalidArgument, "-Element")]
    [InlineData("Connect-GroupExport -FhirBaseUri fhir.example.org/r4", "InvalidServerUri", Connect, ErrorCategory.InvalidArgument, "absolute")]
    [InlineData("Connect-GroupExport -FhirBaseUri http://fhir.example.org/r4", "InvalidServerUri", Connect, ErrorCategory.InvalidArgument, "Use https")]
    [InlineData("Connect-GroupExport -FhirBaseUri 'https://fhir.example.org/r4?key=secret'", "InvalidServerUri", Connect, ErrorCategory.InvalidArgument, "bare base URL")]
    [InlineData("Connect-GroupExport slug", "InvalidParameter", Connect, ErrorCategory.InvalidArgument, "-EnvironmentFlag is missing")]
    [InlineData("Connect-GroupExport", "InvalidParameter", Connect, ErrorCategory.InvalidArgument, "-DestinationSlug is missing")]
    [InlineData("Connect-GroupExport -FhirBaseUri http://localhost/r4 -AccessToken ([securestring]::new())", "InvalidParameter", Connect, ErrorCategory.InvalidArgument, "-AccessToken is empty")]
    [InlineData("Connect-GroupExport -FhirBaseUri http://localhost/r4 -RequestTimeout 0", "InvalidParameter", Connect, ErrorCategory.InvalidArgument, "longer than no time")]
    [InlineData("Connect-GroupExport -FhirBaseUri http://localhost/r4 -RequestTimeout 60.00:00:00", "InvalidParameter", Connect, ErrorCategory.InvalidArgument, "49 days")]
    [InlineData("Connect-GroupExport -FhirBaseUri http://localhost/r4 -TrustedOrigin @($null)", "InvalidParameter", Connect, ErrorCategory.InvalidArgument, "-TrustedOrigin holds an empty value")]
    [InlineData("Connect-GroupExport -FhirBaseUri http://localhost/r4 -CertificateAuthority @($null)", "InvalidParameter", Connect, ErrorCategory.InvalidArgument, "-CertificateAuthority holds an empty value")]
    [InlineData("Connect-GroupExport -FhirBaseUri http://localhost/r4 -ClientId c -PrivateKeyPath nodrive:/key.pem", "KeyFileUnreadable", Connect, ErrorCategory.OpenError, "no such place")]
    [InlineData("New-GroupExport g -Connection $nothing", "NoConnection", New, ErrorCategory.ConnectionError, "-Connection is given but empty")]
    [InlineData("Get-ExportStatus \"$($sandbox.FhirBaseUri)/job\" -Connection $nothing", "NoConnection", Status, ErrorCategory.ConnectionError, "-Connection is given but empty")]
    [InlineData("\"$($sandbox.FhirBaseUri)/job\" | Save-ExportFiles $out -Connection $nothing", "NoConnection", Save, ErrorCategory.ConnectionError, "-Connection is given but empty")]
    [InlineData("Remove-GroupExport \"$($sandbox.FhirBaseUri)/job\" -Connection $nothing", "NoConnection", Remove, ErrorCategory.ConnectionError, "-Connection is given but empty")]
    [InlineData("$nothing | Test-GroupExportConnection", "NoConnection", Test, ErrorCategory.ConnectionError, "-Connection is given but empty")]
    [InlineData("Get-ExportReceipt ''", "MissingPath", Receipt, ErrorCategory.InvalidArgument, "No folder was named")]
    [InlineData("Get-ExportStatus https://elsewhere.example/status/1", "UntrustedStatusOrigin", Status, ErrorCategory.SecurityError, "elsewhere.example")]
    [InlineData("Get-ExportStatus status/1", "InvalidServerUri", Status, ErrorCategory.InvalidArgument, "absolute")]
    [InlineData("Get-ExportStatus http://elsewhere.example/status/1", "InvalidServerUri", Status, ErrorCategory.InvalidArgument, "https")]
    [InlineData("[pscustomobject]@{ GroupId = 'g' } | Get-ExportStatus", "NotAJob", Status, ErrorCategory.InvalidArgument, "StatusUrl")]
    [InlineData("\"$($sandbox.FhirBaseUri)/job\" | Save-ExportFiles", "MissingPath", Save, ErrorCategory.InvalidArgument, "-Path")]
    [InlineData("\"$($sandbox.FhirBaseUri)/job\" | Save-ExportFiles Variable:x", "InvalidPath", Save, ErrorCategory.InvalidArgument, "provider")]
    public void Is_refused_with_an_error_of_its_own_before_anything_is_sent(string script, string id, string command, ErrorCategory category, string advice)
    {
        EngineRun run = Run(script);

        ErrorRecord error = run.Error;
        Assert.Equal($"{id},{command}", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotNull(error.TargetObject);
        Assert.Contains(advice, error.ToString());
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        Assert.Empty(run.Output);
        Assert.Empty(Arrived);
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData("New-GroupExport g", New)]
    [InlineData("Get-ExportStatus \"$($sandbox.FhirBaseUri)/job\"", Status)]
    [InlineData("\"$($sandbox.FhirBaseUri)/job\" | Save-ExportFiles $out", Save)]
    public void Without_a_connection_nothing_is_sent_or_written(string script, string command)
    {
        EngineRun run = Run($"Disconnect-GroupExport; {script}");

        Assert.Equal($"NoConnection,{command}", run.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, run.Error.CategoryInfo.Category);
        Assert.NotNull(run.Error.TargetObject);
        Assert.False(Directory.Exists(Out));
        Assert.Empty(Arrived);
    }

    [Fact]
    public void One_bad_object_among_good_ones_keeps_everything_from_being_sent()
    {
        EngineRun run = Run("'Patient/1', '12345', 'Observation', '' | New-GroupExport g");

        Assert.Equal(["piped object 2", "piped object 4"], run.Errors.Select(error => error.TargetObject));
        Assert.Contains("Nothing was sent: 2 of 4", Assert.Single(run.Warnings));
        Assert.Empty(Arrived);
    }

    [Fact]
    public void A_value_that_may_be_a_patient_stands_in_no_error()
    {
        EngineRun run = Run("'987-65-4321', 'Patient/987-65-4321/x' | New-GroupExport g; New-GroupExport g -Patient 'MRN 987-65-4321'");

        Assert.Equal(3, run.AllErrors.Count);
        Assert.All(run.AllErrors, error => Assert.DoesNotContain("987", $"{error} {error.CategoryInfo} {error.TargetObject} {error.Exception}"));
    }

    [Fact]
    public void A_format_that_is_no_NDJSON_draws_a_warning_that_names_the_validation_it_needs()
    {
        EngineRun run = Run("New-GroupExport g -OutputFormat application/fhir+json -WhatIf");

        Assert.Contains("-Validation None", Assert.Single(run.Warnings));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_refused()
    {
        File.WriteAllText(Path.Combine(Folder, "file"), "");

        EngineRun run = Run("New-GroupExport $sandbox.GroupId | Save-ExportFiles $below", ("below", Path.Combine(Folder, "file", "below")));

        Assert.Equal($"FolderNotWritable,{Save}", run.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.PermissionDenied, run.Error.CategoryInfo.Category);
        Assert.NotNull(run.Error.TargetObject);
        Assert.Empty(Arrived);
    }

    [Fact]
    public void A_folder_that_somebody_saves_to_is_refused()
    {
        Directory.CreateDirectory(Out);
        using FileStream held = new(Path.Combine(Out, ".export.lock"), FileMode.Create, FileAccess.Write, FileShare.None);

        EngineRun run = Run("New-GroupExport $sandbox.GroupId | Save-ExportFiles $out");

        Assert.Equal($"FolderInUse,{Save}", run.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, run.Error.CategoryInfo.Category);
        Assert.Equal([".export.lock"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));
        Assert.Empty(Arrived);
    }

    [Fact]
    public void A_folder_that_turns_out_bad_does_not_lose_the_job_that_was_started_for_it()
    {
        File.WriteAllText(Path.Combine(Folder, "file"), "");

        EngineRun run = Run("$job = New-GroupExport $sandbox.GroupId; $job | Save-ExportFiles -Path { \"$base/file\" }", ("base", Folder));

        Assert.Equal($"InvalidPath,{Save}", run.Error.FullyQualifiedErrorId);
        Assert.Contains("goes on at the server", run.Error.ToString());
        PSObject target = PSObject.AsPSObject(run.Error.TargetObject);
        Assert.Equal(Run("$job").Value("StatusUrl"), target.Properties["StatusUrl"].Value);
    }
}
