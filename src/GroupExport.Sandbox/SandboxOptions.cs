using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Faults;

namespace GroupExport.Sandbox;

/// <summary>How a practice server behaves and what data it holds. Every option has a default.</summary>
public sealed record SandboxOptions
{
    /// <summary>The largest number of made-up patients that one sandbox holds in memory.</summary>
    public const int MaxPatientCount = 200_000;

    /// <summary>Number of made-up patients, 0 to <see cref="MaxPatientCount"/>; 0 gives an empty group. Ignored when <see cref="DataPath"/> is set.</summary>
    public int PatientCount { get; init; } = 20;

    /// <summary>Seed of the made-up data: the same seed gives the same bytes on every machine and runtime.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Folder with <c>*.ndjson</c> or <c>*.ndjson.gz</c> files, one resource type a file, served instead of made-up data.
    /// The files are read into memory when the sandbox starts.
    /// </summary>
    public string? DataPath { get; init; }

    /// <summary>Id of the default group, which holds every patient.</summary>
    public string GroupId { get; init; } = "diabetes-2026";

    /// <summary>The destination slug in Redox paths.</summary>
    public string DestinationSlug { get; init; } = "redox-fhir-sandbox";

    /// <summary>The environment flag in Redox paths.</summary>
    public string EnvironmentFlag { get; init; } = "Development";

    /// <summary>The version of Bulk Data Access that holds at the FHIR base: 2, 3 or 4 (its ballot). The Redox base does not depend on it.</summary>
    public int SpecVersion { get; init; } = 2;

    /// <summary>How long a job stays in progress.</summary>
    public TimeSpan ExportDuration { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The <c>Retry-After</c> of a job in progress, in seconds.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>How every <c>Retry-After</c> is written.</summary>
    public RetryAfterForm RetryAfterForm { get; init; }

    /// <summary>
    /// What is to go wrong: names of <see cref="SandboxFault"/>, each with <c>=count</c> or <c>:count</c> where it is to fire more than once, and
    /// <c>=all</c> where it is never to stop.
    /// </summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>How a client proves that it may export.</summary>
    public SandboxAuthorization Authorization { get; init; }

    /// <summary>When set, every request except <c>metadata</c> needs <c>Authorization: Bearer</c> with exactly this token; implies <see cref="SandboxAuthorization.Token"/>.</summary>
    public string? AccessToken { get; init; }

    /// <summary>How long a token is good for, at least a second.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The scopes that are allowed, for example <c>system/Patient.rs</c>; of what a client asks, only these are granted. Null to grant whatever is asked.</summary>
    public IReadOnlyList<string>? GrantedScopes { get; init; }

    /// <summary>The id of the one client that gets tokens.</summary>
    public string ClientId { get; init; } = "sandbox-client";

    /// <summary>The kind of key pair that is made for <see cref="SandboxAuthorization.PrivateKeyJwt"/>: <c>RS384</c> or <c>ES384</c>.</summary>
    public string SigningAlgorithm { get; init; } = SigningAlgorithms.Rsa;

    /// <summary>The client's public keys as a JWK Set, when it has keys of its own; none is made then.</summary>
    public string? PublicJwks { get; init; }

    /// <summary>True to serve files from a second origin, another port.</summary>
    public bool SeparateFileOrigin { get; init; }

    /// <summary>Whether requests for files are redirected.</summary>
    public FileRedirect FileRedirect { get; init; }

    /// <summary>True when the second origin demands an access token; else it refuses every request that carries one.</summary>
    public bool FileOriginDemandsToken { get; init; }

    /// <summary>
    /// What the manifest says about <c>requiresAccessToken</c>; null for the truth. Files of the first origin follow it, the second origin follows
    /// <see cref="FileOriginDemandsToken"/>, so that a manifest can be wrong about it.
    /// </summary>
    public bool? RequiresAccessToken { get; init; }

    /// <summary>The same as a JSON text, as some servers write it: <c>true</c> or <c>false</c>; empty leaves the field out.</summary>
    public string? RequiresAccessTokenText { get; init; }

    /// <summary>Most resources in one output file; a type with more is split into several files.</summary>
    public int MaxResourcesPerFile { get; init; } = 1_000_000;

    /// <summary>Most output files in one manifest; what is more comes on further pages. Null for one page, or two where partial manifests are allowed.</summary>
    public int? ManifestPageSize { get; init; }

    /// <summary>How long the links of files are good; reading the manifest anew gives new ones. Null for as long as the job is known.</summary>
    public TimeSpan? LinkLifetime { get; init; }

    /// <summary>Which <c>ETag</c> files have.</summary>
    public FileValidator FileValidator { get; init; }

    /// <summary>How long every answer is held back; null for no delay.</summary>
    public TimeSpan? ResponseDelay { get; init; }

    /// <summary>Speed limit of each file download in bytes a second; null for no limit.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>The clock of jobs and of the request log.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    internal SandboxAuthorization EffectiveAuthorization => AccessToken is null ? Authorization : SandboxAuthorization.Token;

    internal bool HasSecondOrigin => SeparateFileOrigin || FileRedirect == FileRedirect.SecondOrigin307;

    /// <summary>Shows what matters and hides the access token.</summary>
    /// <returns>One line without secrets.</returns>
    public override string ToString() => DataPath is null
        ? $"{PatientCount} made-up patients (seed {Seed}), group {GroupId}"
        : $"data of {DataPath}, group {GroupId}";

    /// <summary>Refuses values that no sandbox could honour.</summary>
    /// <exception cref="SandboxException">An option is out of its range.</exception>
    internal void Validate()
    {
        Require(PatientCount is >= 0 and <= MaxPatientCount, $"PatientCount must be between 0 and {MaxPatientCount}, not {PatientCount}.");
        Require(MaxResourcesPerFile >= 1, $"MaxResourcesPerFile must be at least 1, not {MaxResourcesPerFile}.");
        Require(RetryAfterSeconds >= 0, $"RetryAfterSeconds must not be negative, but is {RetryAfterSeconds}.");
        Require(ExportDuration >= TimeSpan.Zero, $"ExportDuration must not be negative, but is {ExportDuration}.");
        Require(ResponseDelay is null || ResponseDelay >= TimeSpan.Zero, $"ResponseDelay must not be negative, but is {ResponseDelay}.");
        Require(BytesPerSecond is null or >= 1, $"BytesPerSecond must be at least 1, not {BytesPerSecond}.");
        Require(AccessToken is null || (AccessToken.Length > 0 && !AccessToken.Any(char.IsWhiteSpace)), "AccessToken must not be empty or hold white space.");
        Require(SpecVersion is >= 2 and <= 4, $"SpecVersion must be 2, 3 or 4, not {SpecVersion}.");
        Require(ManifestPageSize is null or >= 1, $"ManifestPageSize must be at least 1, not {ManifestPageSize}.");
        Require(LinkLifetime is null || LinkLifetime > TimeSpan.Zero, $"LinkLifetime must be more than nothing, but is {LinkLifetime}.");
        Require(Enum.IsDefined(RetryAfterForm), $"RetryAfterForm must be one of {string.Join(", ", Enum.GetNames<RetryAfterForm>())}.");
        Require(Enum.IsDefined(FileValidator), $"FileValidator must be one of {string.Join(", ", Enum.GetNames<FileValidator>())}.");
        FaultPlan.Parse(Faults);
        RequireAuthorization();
        RequireFilePlan();
        Require(KickOffs.FhirNames.IsId(GroupId), $"GroupId '{GroupId}' is no FHIR id: use 1 to 64 letters, digits, '-' and '.'.");
        Require(IsPathSegment(DestinationSlug), $"DestinationSlug '{DestinationSlug}' must be one path segment of letters, digits, '-', '_', '.' and '~'.");
        Require(IsPathSegment(EnvironmentFlag), $"EnvironmentFlag '{EnvironmentFlag}' must be one path segment of letters, digits, '-', '_', '.' and '~'.");
    }

    private void RequireAuthorization()
    {
        Require(Enum.IsDefined(Authorization), $"Authorization must be one of {string.Join(", ", Enum.GetNames<SandboxAuthorization>())}.");
        Require(AccessToken is null || Authorization is SandboxAuthorization.None or SandboxAuthorization.Token, $"AccessToken cannot be used with Authorization {Authorization}.");
        Require(Authorization != SandboxAuthorization.Token || AccessToken is not null, "Authorization Token needs an AccessToken.");
        Require(PublicJwks is null || Authorization == SandboxAuthorization.PrivateKeyJwt, "PublicJwks can be used only with Authorization PrivateKeyJwt.");
        Require(TokenLifetime >= TimeSpan.FromSeconds(1) && TokenLifetime <= TimeSpan.FromDays(1), $"TokenLifetime must be between a second and a day, not {TokenLifetime}.");
        Require(!string.IsNullOrWhiteSpace(ClientId) && !ClientId.Any(char.IsControl), "ClientId must not be empty or hold control characters.");
        Require(SigningAlgorithms.All.Contains(SigningAlgorithm), $"SigningAlgorithm must be {string.Join(" or ", SigningAlgorithms.All)}, not '{SigningAlgorithm}'.");
        var wrong = GrantedScopes?.FirstOrDefault(scope => !Scope.TryParse(scope, out _));
        Require(wrong is null, $"GrantedScopes holds '{wrong}', which is no scope like system/*.rs or system/Patient.read.");
    }

    private void RequireFilePlan()
    {
        Require(Enum.IsDefined(FileRedirect), $"FileRedirect must be one of {string.Join(", ", Enum.GetNames<FileRedirect>())}.");
        Require(!FileOriginDemandsToken || HasSecondOrigin, "FileOriginDemandsToken needs a second origin: set SeparateFileOrigin, or FileRedirect to SecondOrigin307.");
        Require(!FileOriginDemandsToken || EffectiveAuthorization != SandboxAuthorization.None, "FileOriginDemandsToken needs an Authorization other than None.");
        Require(RequiresAccessTokenText is null or "true" or "false" or "", "RequiresAccessTokenText must be true, false or empty.");
        Require(RequiresAccessToken is null || RequiresAccessTokenText is null, "RequiresAccessToken and RequiresAccessTokenText exclude each other.");
    }

    private static bool IsPathSegment(string? value) =>
        !string.IsNullOrEmpty(value) && value is not ("." or "..") && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~');

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new SandboxException(otherwise);
        }
    }
}
