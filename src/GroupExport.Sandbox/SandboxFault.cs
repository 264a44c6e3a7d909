namespace GroupExport.Sandbox;

/// <summary>
/// Something that goes wrong, or merely otherwise than usual, on demand. A fault fires on the first requests that it fits, once unless
/// <see cref="SandboxOptions.Faults"/> says how often, and then never again, so that a run can be repeated.
/// Servers in the field do each of these things.
/// </summary>
public enum SandboxFault
{
    /// <summary>A kick-off is answered with 429 and <c>Retry-After</c> (<see cref="RetryAfterForm"/>); no export starts.</summary>
    KickOffTooManyRequests,

    /// <summary>A kick-off is answered with 503, an OperationOutcome and <c>Retry-After</c>; no export starts.</summary>
    KickOffUnavailable,

    /// <summary>An export starts, but the connection is cut before its answer; what a client sees is nothing, or the head of a 503 without its body.</summary>
    KickOffCut,

    /// <summary>The 202 of a kick-off has no <c>Content-Location</c>.</summary>
    NoContentLocation,

    /// <summary>The <c>Content-Location</c> of a kick-off has neither scheme nor host.</summary>
    RelativeContentLocation,

    /// <summary>The <c>Content-Location</c> of a kick-off leads to <c>[base]/$export-poll-status?_jobId=…</c>, as at HAPI FHIR.</summary>
    ContentLocationWithQuery,

    /// <summary>
    /// The <c>Content-Location</c> of a kick-off is the name of a resource, <c>projects/…</c>, as the Google Healthcare API documents it; the FHIR base has that
    /// name in its path too.
    /// </summary>
    ContentLocationAsName,

    /// <summary>A POST kick-off is answered with 405, as by servers that know only GET (Oracle Health Millennium).</summary>
    PostRefused,

    /// <summary>A kick-off that repeats <c>_type</c> is answered with 400 (Oracle Health Millennium).</summary>
    RepeatedTypeRefused,

    /// <summary>A kick-off with <c>_elements</c> is answered with 422 (Oracle Health Millennium).</summary>
    ElementsRefused,

    /// <summary>A kick-off with <c>_typeFilter</c> is answered with 400, as at Epic where a category is unknown.</summary>
    FilterRefused,

    /// <summary>A kick-off is answered with 429 and <c>Retry-After</c> as long as an earlier export was not deleted (Epic; Oracle Health Millennium while one runs).</summary>
    OneExportAtATime,

    /// <summary>A kick-off without <c>organizeOutputBy</c> is answered with 400 (group exports of the Google Healthcare API).</summary>
    OrganizingDemanded,

    /// <summary>A kick-off is answered with 400 and JSON that is no OperationOutcome, because a body of the server's own is missing (AWS HealthLake).</summary>
    OwnBodyDemanded,

    /// <summary>A kick-off is answered with 403 unless the token came with <c>system/*.$export</c> and <c>system/*.$bulkdata-status</c> (OpenEMR).</summary>
    ExportScopesDemanded,

    /// <summary>A kick-off is answered with 429, <c>Retry-After</c> (<see cref="RetryAfterForm"/>) and plain text (SMART reference server).</summary>
    KickOffPlainText429,

    /// <summary>The answer to a kick-off is held back until the export is done, for <see cref="SandboxOptions.ExportDuration"/> (OpenEMR).</summary>
    ExportsAtKickOff,

    /// <summary>A kick-off without <c>Cache-Control: no-cache</c> gets the export before it instead of one of its own (HAPI FHIR).</summary>
    ReusedExport,

    /// <summary><c>_type</c> and <c>_typeFilter</c> of a kick-off are passed over without a word (HAPI FHIR).</summary>
    TypesIgnored,

    /// <summary>A kick-off that asks for <c>separate-export-status</c> is answered without it.</summary>
    SeparateStatusNotApplied,

    /// <summary>The export that is kicked off lists one more output file, without a resource and with a count of 0.</summary>
    ExtraEmptyFile,

    /// <summary>The export that is kicked off has an error file with information only.</summary>
    InformationalOutcome,

    /// <summary>The export that is kicked off has an error file with an error: it succeeded in part only.</summary>
    ErrorOutcome,

    /// <summary>The header lines of an export organized by patient hold absolute references.</summary>
    AbsoluteHeaderReference,

    /// <summary>The first block of an export organized by patient lacks the Patient.</summary>
    BlockWithoutPatient,

    /// <summary>A status request is answered with 429 and <c>Retry-After</c> (<see cref="RetryAfterForm"/>); the export goes on.</summary>
    StatusTooManyRequests,

    /// <summary>A status request is answered with 500 and an OperationOutcome with the issue code <c>transient</c>; the export goes on.</summary>
    StatusTransientOutcome,

    /// <summary>A status request is answered with 503 and a page of HTML, as proxies do; the export goes on.</summary>
    StatusHtml503,

    /// <summary>The connection is cut before the answer to a status request.</summary>
    StatusCut,

    /// <summary>A status request is answered with 500 and an OperationOutcome: the export has failed.</summary>
    JobFailed,

    /// <summary>A status request is answered with 422 and an OperationOutcome: the export has failed on what was asked for.</summary>
    JobInvalid,

    /// <summary>The export is forgotten at a status request, which gets 404 like every later one.</summary>
    JobForgotten,

    /// <summary>A status request is answered with 403, as where the token is another client's than that of the kick-off (Oracle Health Millennium).</summary>
    StatusForbidden,

    /// <summary>A status request is answered with 413 and plain text: the export would have too many files (SMART reference server).</summary>
    TooManyFiles,

    /// <summary>A DELETE of an export is answered with 404 though the export is there, as where the server removes finished ones itself (HAPI FHIR); it is gone then.</summary>
    RemovalUnknown,

    /// <summary>A DELETE of an export is answered with 500 and an OperationOutcome; the export stays.</summary>
    RemovalRefused,

    /// <summary>A further page of a manifest is answered with 503 and an OperationOutcome with the issue code <c>transient</c>.</summary>
    NextPageTransient,

    /// <summary>A further page of a manifest is answered with 400 and an OperationOutcome.</summary>
    NextPageFatal,

    /// <summary>A manifest has the content type <c>application/fhir+json</c> (Oracle Health Millennium).</summary>
    ManifestAsFhirJson,

    /// <summary>A manifest lacks <c>output</c>.</summary>
    ManifestWithoutOutput,

    /// <summary>A manifest lacks <c>transactionTime</c>.</summary>
    ManifestWithoutTransactionTime,

    /// <summary>A manifest lacks <c>request</c>.</summary>
    ManifestWithoutRequest,

    /// <summary>A manifest lacks <c>requiresAccessToken</c>.</summary>
    ManifestWithoutRequiresAccessToken,

    /// <summary>A manifest lacks <c>error</c> (<c>outcome</c> in version 4).</summary>
    ManifestWithoutError,

    /// <summary>A manifest has <c>requiresAccessToken</c> as a JSON text.</summary>
    RequiresAccessTokenAsText,

    /// <summary>A manifest has an <c>outputOrganizedBy</c> that is empty, though nothing is organized.</summary>
    EmptyOrganizedBy,

    /// <summary>The file URLs of a manifest have neither scheme nor host.</summary>
    RelativeFileUrls,

    /// <summary>The file URLs of a manifest are <c>gs://…</c>: buckets of Google Cloud Storage (Google Healthcare API).</summary>
    GoogleStorageUrls,

    /// <summary>The file URLs of a manifest are <c>s3://…</c>: buckets of Amazon S3 (AWS HealthLake).</summary>
    AmazonStorageUrls,

    /// <summary><c>continuesInFile</c> holds the bare name of a file (SMART reference server).</summary>
    BareContinuations,

    /// <summary>The first file of a manifest has a <c>count</c> that is one too high.</summary>
    CountMismatch,

    /// <summary>A manifest lists its files in reverse.</summary>
    ReorderedManifest,

    /// <summary>The link of a file that is asked for expires: it gets 410 from now on, and the manifest, read anew, has another link.</summary>
    ExpiredLink,

    /// <summary>Like <see cref="ExpiredLink"/>, with 404.</summary>
    ExpiredLinkNotFound,

    /// <summary>Like <see cref="ExpiredLink"/>, with 403 and XML, as storage services do.</summary>
    ExpiredLinkForbidden,

    /// <summary>A request for a file is answered with 429 and <c>Retry-After</c> (<see cref="RetryAfterForm"/>).</summary>
    FileTooManyRequests,

    /// <summary>A request for a file is answered with 503 and <c>Retry-After</c>.</summary>
    FileUnavailable,

    /// <summary>A request for a file is answered with 409 and XML, as by storage that wants credentials of its own (Azure Storage beside the Microsoft FHIR service).</summary>
    StorageLocked,

    /// <summary>The connection is cut in the middle of a file; its length was promised.</summary>
    TruncatedFile,

    /// <summary>A file stops in the middle, and the connection stays open.</summary>
    StalledFile,

    /// <summary>The connection is cut before the first byte of a file.</summary>
    ResetConnection,

    /// <summary>A file comes as gzip, whether the request allows it or not.</summary>
    GzipUnasked,

    /// <summary>A file comes as gzip that lacks its end, while the answer looks whole.</summary>
    TruncatedGzip,

    /// <summary>The lines of a file end with carriage return and line feed.</summary>
    CarriageReturns,

    /// <summary>A file has a blank line after each resource.</summary>
    BlankLines,

    /// <summary>The last line of a file has no line feed.</summary>
    NoFinalNewline,

    /// <summary>A file begins with a byte order mark.</summary>
    ByteOrderMark,

    /// <summary>A file comes without a byte, though the manifest promises resources.</summary>
    EmptyFile,

    /// <summary>The first resource of a file has another type than the manifest says.</summary>
    WrongType,

    /// <summary>The last line of a file is half a resource.</summary>
    BrokenJson,

    /// <summary>Instead of a file comes, with 200, one line with an OperationOutcome.</summary>
    OutcomeInsteadOfFile,

    /// <summary>A token that is still good is refused with 401.</summary>
    TokenRejected,

    /// <summary>The token endpoint answers with 503.</summary>
    TokenUnavailable,

    /// <summary>Of all that is asked for, a token gets <c>system/Patient.rs</c> only.</summary>
    NarrowScope,

    /// <summary>A token answer has <c>expires_in</c> as a JSON text.</summary>
    ExpiresInAsText,
}
