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

    /// <summary>How long a job stays in progress.</summary>
    public TimeSpan ExportDuration { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The <c>Retry-After</c> of a job in progress, in seconds.</summary>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>When set, every request except <c>metadata</c> needs <c>Authorization: Bearer</c> with exactly this token.</summary>
    public string? AccessToken { get; init; }

    /// <summary>Most resources in one output file; a type with more is split into several files.</summary>
    public int MaxResourcesPerFile { get; init; } = 1_000_000;

    /// <summary>How long every answer is held back; null for no delay.</summary>
    public TimeSpan? ResponseDelay { get; init; }

    /// <summary>Speed limit of each file download in bytes a second; null for no limit.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>The clock of jobs and of the request log.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

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
        Require(KickOffs.FhirNames.IsId(GroupId), $"GroupId '{GroupId}' is no FHIR id: use 1 to 64 letters, digits, '-' and '.'.");
        Require(IsPathSegment(DestinationSlug), $"DestinationSlug '{DestinationSlug}' must be one path segment of letters, digits, '-', '_', '.' and '~'.");
        Require(IsPathSegment(EnvironmentFlag), $"EnvironmentFlag '{EnvironmentFlag}' must be one path segment of letters, digits, '-', '_', '.' and '~'.");
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
