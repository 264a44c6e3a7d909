using System.Management.Automation;
using System.Net;
using System.Security;
using GroupExport.Completion;
using GroupExport.Errors;
using GroupExport.Input;
using GroupExport.Sandbox;
using GroupExport.State;

namespace GroupExport.Commands;

/// <summary>Starts a practice server on this machine, with made-up patients or with the data of a folder.</summary>
[Cmdlet(VerbsLifecycle.Start, "ExportSandbox")]
[OutputType(typeof(ExportSandbox))]
public sealed class StartExportSandboxCommand : PSCmdlet
{
    private static readonly SandboxOptions s_defaults = new();

    /// <summary>How many patients are made up.</summary>
    [Parameter]
    public int PatientCount { get; set; } = s_defaults.PatientCount;

    /// <summary>The same seed makes up the same data.</summary>
    [Parameter]
    public int Seed { get; set; } = s_defaults.Seed;

    /// <summary>A folder of <c>*.ndjson</c> or <c>*.ndjson.gz</c> files to serve instead of made-up data.</summary>
    [Parameter]
    public string? DataPath { get; set; }

    /// <summary>The id of the group of all patients.</summary>
    [Parameter]
    public string GroupId { get; set; } = s_defaults.GroupId;

    /// <summary>How long an export takes, as a TimeSpan or in seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan ExportDuration { get; set; } = s_defaults.ExportDuration;

    /// <summary>The Retry-After of exports under way, in seconds.</summary>
    [Parameter]
    public int RetryAfter { get; set; } = s_defaults.RetryAfterSeconds;

    /// <summary>How every Retry-After is written: as seconds, as a date, as a date of the past, as seconds since 1970, or not at all.</summary>
    [Parameter]
    public RetryAfterForm RetryAfterForm { get; set; }

    /// <summary>The version of Bulk Data Access at the FHIR base: 2, 3, or the ballot of 4.</summary>
    [Parameter]
    [ValidateSet("2", "3", "4")]
    public int SpecVersion { get; set; } = s_defaults.SpecVersion;

    /// <summary>What is to go wrong, once each or as often as <c>Name=count</c> says.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SandboxFaultCompleter))]
    public string[]? Fault { get; set; }

    /// <summary>The most files in a manifest; what is more comes on further pages.</summary>
    [Parameter]
    public int? ManifestPageSize { get; set; }

    /// <summary>How long links of files are good, as a TimeSpan or in seconds; reading the manifest anew gives new ones.</summary>
    [Parameter]
    [Duration]
    public TimeSpan? LinkLifetime { get; set; }

    /// <summary>Which ETag files have.</summary>
    [Parameter]
    public FileValidator FileValidator { get; set; }

    /// <summary>The most resources in a file; a type that has more comes in several files.</summary>
    [Parameter]
    public int MaxResourcesPerFile { get; set; } = s_defaults.MaxResourcesPerFile;

    /// <summary>Slows the files down to so many bytes a second.</summary>
    [Parameter]
    public int? BytesPerSecond { get; set; }

    /// <summary>How clients are authorized: by a key pair made for this sandbox (the default), a client secret, a fixed token, or not at all.</summary>
    [Parameter]
    public SandboxAuthorization Authorization { get; set; } = SandboxAuthorization.PrivateKeyJwt;

    /// <summary>Demands this access token of every request.</summary>
    [Parameter]
    [NotInTheClear("a SecureString")]
    public SecureString? AccessToken { get; set; }

    /// <summary>How long the tokens live that the sandbox gives, as a TimeSpan or in seconds.</summary>
    [Parameter]
    [Duration]
    public TimeSpan TokenLifetime { get; set; } = s_defaults.TokenLifetime;

    /// <summary>The scopes that are granted; by default what is asked for.</summary>
    [Parameter]
    public string[]? GrantedScope { get; set; }

    /// <summary>The algorithm that the key pair is made for.</summary>
    [Parameter]
    [ValidateSet("RS384", "ES384")]
    public string SigningAlgorithm { get; set; } = s_defaults.SigningAlgorithm;

    /// <summary>Serves the files from a second origin, another port.</summary>
    [Parameter]
    public SwitchParameter SeparateFileOrigin { get; set; }

    /// <summary>Makes the second origin demand the token, which it otherwise refuses.</summary>
    [Parameter]
    public SwitchParameter FileOriginDemandsToken { get; set; }

    /// <summary>How requests for files are redirected.</summary>
    [Parameter]
    public FileRedirect FileRedirect { get; set; }

    /// <summary>What the manifest says of requiresAccessToken, whatever is true.</summary>
    [Parameter]
    public bool? RequiresAccessToken { get; set; }

    /// <summary>Starts it.</summary>
    protected override void EndProcessing()
    {
        try
        {
            ExportSandbox sandbox = ExportSandbox.Start(new SandboxOptions
            {
                PatientCount = PatientCount,
                Seed = Seed,
                DataPath = DataPath is null ? null : FolderPath.Resolve(this, DataPath),
                GroupId = GroupId,
                ExportDuration = ExportDuration,
                RetryAfterSeconds = RetryAfter,
                RetryAfterForm = RetryAfterForm,
                SpecVersion = SpecVersion,
                Faults = Fault ?? [],
                ManifestPageSize = ManifestPageSize,
                LinkLifetime = LinkLifetime,
                FileValidator = FileValidator,
                MaxResourcesPerFile = MaxResourcesPerFile,
                BytesPerSecond = BytesPerSecond,
                Authorization = AccessToken is null ? Authorization : SandboxAuthorization.Token,
                TokenLifetime = TokenLifetime,
                GrantedScopes = GrantedScope,
                SigningAlgorithm = SigningAlgorithm,
                SeparateFileOrigin = SeparateFileOrigin,
                FileOriginDemandsToken = FileOriginDemandsToken,
                FileRedirect = FileRedirect,
                RequiresAccessToken = RequiresAccessToken,
                AccessToken = AccessToken is { Length: > 0 } token ? new NetworkCredential("", token).Password : null,
            });
            RunningSandboxes.Add(sandbox);
            WriteObject(sandbox);
        }
        catch (SandboxException fault)
        {
            ThrowTerminatingError(new ExportException(ExportErrorKind.SandboxFailed, fault.Message, fault) { Subject = DataPath ?? MyInvocation.MyCommand.Name }.ToErrorRecord());
        }
        catch (ExportException failure)
        {
            ThrowTerminatingError(failure.ToErrorRecord());
        }
    }
}
