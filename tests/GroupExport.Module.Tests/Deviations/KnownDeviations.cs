using static GroupExport.ModuleTests.Deviations.ExpectedError;

namespace GroupExport.ModuleTests.Deviations;

/// <summary>The servers that are known to do things their own way, by number.</summary>
internal static class KnownDeviations
{
    /// <summary>The job as a script keeps it, a day older: a 404 is believed at once, where that of a new job may be a server that does not show it yet.</summary>
    private const string OfYesterday = "ForEach-Object { [pscustomobject]@{ StatusUrl = $_.StatusUrl; GroupId = $_.GroupId; Server = $_.Server; StartedAt = $_.StartedAt.AddDays(-1) } }";

    public static Deviation[] All { get; } =
    [
        new("none", "by the book", "") { Seconds = "0.1", In = Way.All },

        new("8.2.1", "Oracle Millennium knows GET only", "-Fault PostRefused=all") { IsAvoided = true, In = Way.ByGet },
        new("8.2.1", "Oracle Millennium knows GET only, and is asked by POST", "-Fault PostRefused=all") { In = [Way.Parameters2, Way.Parameters3], Error = OfKickOff("KickOffRejected", "wants a connection with -RequestStyle FhirQuery") },
        new("8.2.1", "a server behind Redox knows GET only, and is asked by POST", "-Fault PostRefused=all") { In = [Way.Redox], Error = OfKickOff("KickOffRejected", "wants -Method Get") },
        new("8.2.1", "Oracle Millennium takes _type once", "-Fault RepeatedTypeRefused=all") { IsAvoided = true, In = [Way.Query2, Way.Query3] },
        new("8.2.1", "Oracle Millennium has no _elements", "-Fault ElementsRefused=all") { In = Way.All, KickOff = "-Element Patient.name", Error = OfKickOff("KickOffRejected", "correct the request") },
        new("8.2.1", "Oracle Millennium refuses what it is asked for at the status", "-Fault JobInvalid=all") { In = Way.EachVersion, Error = OfSaving("ExportFailed", "422") },
        new("8.2.1", "Oracle Millennium runs one export at a time", "-Fault OneExportAtATime=all") { In = Way.EachVersion, Before = "$null = New-GroupExport $sandbox.GroupId -Type Patient", KickOff = "-KickOffTimeout 0", Error = OfKickOff("ExportAlreadyRunning", "-KickOffTimeout") },
        new("8.2.1", "Oracle Millennium redirects files to storage that takes no token", "-FileRedirect SecondOrigin307") { In = Way.EachVersion },
        new("8.2.1", "Oracle Millennium asks to wait for five hours", "") { Seconds = "0.1", RetryAfter = 18000, In = Way.EachVersion, Backoff = "0.1", Save = "-MaxRetryAfter 60" },
        new("8.2.1", "Oracle Millennium sends manifests as FHIR", "-Fault ManifestAsFhirJson=all") { In = Way.EachVersion },
        new("8.2.1", "Oracle Millennium tells other clients nothing", "-Fault StatusForbidden=all") { In = Way.EachVersion, Error = OfSaving("AccessDenied", "use the client that started it") },

        new("8.2.2", "Oracle Soarian writes requiresAccessToken as text", "-Fault RequiresAccessTokenAsText=all") { In = Way.EachVersion },

        new("8.2.3", "Epic has an export that was not deleted", "-Fault OneExportAtATime=all") { In = Way.EachVersion, Before = "$null = New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles \"$($out)-before\"", KickOff = "-KickOffTimeout 0", Error = OfKickOff("ExportAlreadyRunning", "cancel it with Remove-GroupExport") },
        new("8.2.3", "Epic had an export that was deleted", "-Fault OneExportAtATime=all") { IsAvoided = true, In = Way.EachVersion, Before = "$null = New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles \"$($out)-before\" -RemoveWhenComplete", KickOff = "-KickOffTimeout 0" },
        new("8.2.3", "Epic has no meta.lastUpdated, so that all comes again", "") { In = Way.EachVersion, KickOff = "-Since 2026-11-01T00:00:00Z" },
        new("8.2.3", "Epic does not know a category", "-Fault FilterRefused=all") { In = Way.EachVersion, KickOff = "-TypeFilter 'Observation?category=unheard-of'", Error = OfKickOff("KickOffRejected", "correct the request") },

        new("8.2.4", "HAPI has its status behind a query", "-Fault ContentLocationWithQuery=all") { In = Way.EachVersion },
        new("8.2.4", "HAPI leaves request out", "-Fault ManifestWithoutRequest=all") { In = Way.EachVersion },
        new("8.2.4", "HAPI leaves requiresAccessToken out", "-Fault ManifestWithoutRequiresAccessToken=all") { In = Way.EachVersion },
        new("8.2.4", "HAPI leaves error out", "-Fault ManifestWithoutError=all") { In = Way.EachVersion },
        new("8.2.4", "HAPI reads a plus sign as a space", "") { In = Way.All, KickOff = "-Since 2026-11-01T00:00:00+02:00" },
        new("8.2.4", "HAPI passes over types", "-Fault TypesIgnored=all") { In = Way.EachVersion, Types = ["Condition", "Observation", "Patient"], Warning = "Condition, which was not asked for" },
        new("8.2.4", "HAPI gives a finished export again", "-Fault ReusedExport=all") { IsAvoided = true, In = Way.All, Before = "$null = New-GroupExport $sandbox.GroupId -Type Patient | Save-ExportFiles \"$($out)-before\"" },
        new("8.2.4", "HAPI removes finished exports itself", "-Fault RemovalUnknown=all") { In = Way.EachVersion, Save = "-RemoveWhenComplete" },
        new("8.2.4", "HAPI has forgotten the export", "-Fault JobForgotten=all") { In = Way.EachVersion, Between = OfYesterday, Error = OfSaving("JobNotFound", "Start a new one with New-GroupExport") },

        new("8.2.5", "LinuxForHealth has relative URLs", "-Fault RelativeFileUrls=all") { In = Way.EachVersion },
        new("8.2.5", "LinuxForHealth signs links to storage and says that a token is required", "-SeparateFileOrigin -RequiresAccessToken $true -LinkLifetime 60") { In = Way.EachVersion },
        new("8.2.5", "the same, where the user trusts the storage", "-SeparateFileOrigin -RequiresAccessToken $true -LinkLifetime 60") { In = Way.EachVersion, Connect = "-TrustedOrigin $sandbox.FileOrigin" },
        new("8.2.5", "a trusted server wants the token and a signature", "-SeparateFileOrigin -FileOriginDemandsToken -LinkLifetime 60") { In = Way.EachVersion, Connect = "-TrustedOrigin $sandbox.FileOrigin" },
        new("8.2.5", "a server that is not trusted wants the token and a signature", "-SeparateFileOrigin -FileOriginDemandsToken -LinkLifetime 60") { In = Way.EachVersion, Warning = "keeps the files", Error = OfSaving("UntrustedFileOrigin", "connect with -TrustedOrigin http://127.0.0.1") },
        new("8.2.5", "a server that is not trusted wants the token", "-SeparateFileOrigin -FileOriginDemandsToken") { In = Way.EachVersion, Error = OfSaving("UntrustedFileOrigin", "connect with -TrustedOrigin http://127.0.0.1") },

        new("8.2.6", "Google wants organizeOutputBy, which is missing", "-Fault OrganizingDemanded=all") { In = Way.EachVersion, Error = OfKickOff("KickOffRejected", "correct the request") },
        new("8.2.6", "Google wants organizeOutputBy", "-Fault OrganizingDemanded=all") { IsAvoided = true, In = Way.Organizing, KickOff = "-OrganizeOutputBy Patient", IsOrganized = true },
        new("8.2.6", "Google names its status as a resource", "-Fault ContentLocationAsName=all") { In = [Way.Query2, Way.Parameters2, Way.Query3, Way.Parameters3, Way.Parameters4] },
        new("8.2.6", "a status is named as a resource that no base has", "-Fault ContentLocationAsName=all") { In = Way.Redoxes, Error = OfKickOff("StatusUrlMissing", "ask the server administrator for its URL") },
        new("8.2.6", "Google leaves files in its own storage", "-Fault GoogleStorageUrls=all") { In = Way.EachVersion, Error = OfSaving("InvalidServerUri", "Fetch it with that storage's own tools") },

        new("8.2.7", "Microsoft leaves files in storage behind credentials", "-SeparateFileOrigin -Fault StorageLocked=all") { In = Way.EachVersion, Error = OfSaving("FileFailed", "fetch the file with that storage's tools") },

        new("8.2.8", "HealthLake wants a body of its own", "-Fault OwnBodyDemanded=all") { In = Way.EachVersion, Error = OfKickOff("KickOffRejected", "correct the request") },
        new("8.2.8", "HealthLake leaves files in S3", "-Fault AmazonStorageUrls=all") { In = Way.EachVersion, Error = OfSaving("InvalidServerUri", "Fetch it with that storage's own tools") },

        new("8.2.9", "eClinicalWorks asks to wait for two hours, and is not obeyed", "") { Seconds = "0.1", RetryAfter = 7200, In = Way.EachVersion, Backoff = "0.1", Save = "-MaxRetryAfter 60" },
        new("8.2.9", "eClinicalWorks asks to wait for two hours, and nobody has the time", "") { Seconds = "3600", RetryAfter = 7200, In = Way.EachVersion, Timeout = "0.1", Error = OfSaving("WaitTimeout", "Get-ExportStatus -Wait") },

        new("8.2.10", "OpenEMR exports while the kick-off waits", "-Fault ExportsAtKickOff=all") { Seconds = "0.3", In = Way.All },
        new("8.2.10", "OpenEMR exports for longer than a request may take", "-Authorization None -Fault ExportsAtKickOff=all") { Seconds = "3600", In = Way.EachVersion, Connect = "-RequestTimeout 0.5", Error = OfKickOff("KickOffUncertain", "look before you start another") },
        new("8.2.10", "OpenEMR has scopes of its own", "-Fault ExportScopesDemanded=all") { IsAvoided = true, In = Way.EachVersion, Connect = "-Scope 'system/*.$export', 'system/*.$bulkdata-status', 'system/*.read'" },
        new("8.2.10", "OpenEMR has scopes of its own, which are missing", "-Fault ExportScopesDemanded=all") { In = Way.EachVersion, Connect = "-Scope 'system/*.read'", Error = OfKickOff("AccessDenied", "granted to your client") },

        new("8.2.11", "BCDA has client secrets", "-Authorization ClientSecret") { In = Way.EachVersion },

        new("8.2.12", "SMART's server is busy in plain text and epoch numbers", "-Fault KickOffPlainText429=all -RetryAfterForm EpochMilliseconds") { In = Way.EachVersion, KickOff = "-KickOffTimeout 0", Error = OfKickOff("ExportAlreadyRunning", "Wait for the running export (-KickOffTimeout)") },
        new("8.2.12", "SMART's server is asked too often and answers in milliseconds since 1970", "-Fault StatusTooManyRequests -RetryAfterForm EpochMilliseconds") { In = Way.EachVersion, Backoff = "0.1" },
        new("8.2.12", "SMART's server is asked too often and answers in seconds since 1970", "-Fault StatusTooManyRequests -RetryAfterForm EpochSeconds") { In = Way.EachVersion, Backoff = "0.1" },
        new("8.2.12", "SMART's server has too many files", "-Fault TooManyFiles=all") { In = Way.EachVersion, Error = OfSaving("ExportFailed", "413") },
        new("8.2.12", "SMART's server puts an OperationOutcome in place of a file", "-Fault OutcomeInsteadOfFile=all") { In = Way.EachVersion, Error = OfSaving("InvalidFile", "-RetryInvalid") },
        new("8.2.12", "SMART's server lets links expire", "-Fault ExpiredLink=2") { In = Way.EachVersion },

        new("8.2.13", "SMART's server organizes by nothing", "-Fault EmptyOrganizedBy=all") { In = Way.EachVersion },
        new("8.2.13", "SMART's server goes on in files by their bare names", "-Fault BareContinuations=all -MaxResourcesPerFile 2") { In = Way.Organizing, KickOff = "-OrganizeOutputBy Patient", IsOrganized = true, IsContinued = true },
        new("8.2.13", "SMART's server has pages by query", "-ManifestPageSize 1") { In = Way.EachVersion },

        new("8.2.14", "a Retry-After that is a date is no number", "-Fault StatusTooManyRequests, FileTooManyRequests -RetryAfterForm HttpDate") { In = Way.EachVersion },
        new("8.2.14", "several filters with commas are not joined", "") { In = [Way.Query3, Way.Parameters3, Way.Parameters4], KickOff = "-TypeFilter 'Patient?gender=male,female', 'Observation?status=final,amended'" },
        new("8.2.14", "several filters with commas are warned of where a server may take them apart", "") { In = [Way.Parameters2], KickOff = "-TypeFilter 'Patient?gender=male,female', 'Observation?status=final,amended'", Warning = "holds a comma" },
        new("8.2.14", "several filters with commas cannot be joined", "") { In = Way.Redoxes, KickOff = "-TypeFilter 'Patient?gender=male,female', 'Observation?status=final,amended'", Error = OfKickOff("InvalidParameter", "comma") },
    ];
}
