namespace GroupExport;

/// <summary>What went wrong, as the stable first part of <c>FullyQualifiedErrorId</c>. Names are never changed once released.</summary>
public enum ExportErrorKind
{
    /// <summary>A resource type that R4 does not know.</summary>
    UnknownResourceType,

    /// <summary>A piped value that is neither a patient reference nor a resource type.</summary>
    UnknownInput,

    /// <summary>A patient that is not written as a Patient reference.</summary>
    InvalidPatient,

    /// <summary>A patient parameter or column that is there but holds nothing; it never means "no restriction".</summary>
    EmptyPatient,

    /// <summary>A pipeline that was there but brought nothing.</summary>
    EmptyPipeline,

    /// <summary>No group was named.</summary>
    MissingGroup,

    /// <summary>A group id that cannot stand in the path of a URL.</summary>
    InvalidGroupId,

    /// <summary>A piped row names another group than <c>-GroupId</c>.</summary>
    GroupConflict,

    /// <summary>Patients without a group beside several groups.</summary>
    AmbiguousPatientGroup,

    /// <summary>Patients in a GET kick-off, which cannot carry them.</summary>
    PatientNeedsPost,

    /// <summary>A method that the request style of the connection does not have.</summary>
    MethodNotSupported,

    /// <summary>A point in time that is no FHIR instant.</summary>
    InvalidInstant,

    /// <summary>A parameter value that cannot be sent as it is.</summary>
    InvalidParameter,

    /// <summary>A value of the Redox envelope (Source, Destination, Log) that is malformed.</summary>
    InvalidMeta,

    /// <summary>A server address that is not absolute, or plain http outside loopback.</summary>
    InvalidServerUri,

    /// <summary>No connection was given and none is open in this runspace.</summary>
    NoConnection,

    /// <summary>The connection was closed by <c>Disconnect-GroupExport</c>.</summary>
    ConnectionClosed,

    /// <summary>The job was kicked off at another server than the connection's.</summary>
    WrongConnection,

    /// <summary>A status URL on another origin than the connection's.</summary>
    UntrustedStatusOrigin,

    /// <summary>A file that wants the token on an origin that may not have it.</summary>
    UntrustedFileOrigin,

    /// <summary>An object without a status URL, where a job was expected.</summary>
    NotAJob,

    /// <summary>The server cannot be reached; nothing was started.</summary>
    ServerUnreachable,

    /// <summary>The server refused the kick-off.</summary>
    KickOffRejected,

    /// <summary>The kick-off was sent but no answer came: an export may be running.</summary>
    KickOffUncertain,

    /// <summary>The server accepted the kick-off but sent no usable status URL.</summary>
    StatusUrlMissing,

    /// <summary>The server allows no further export now (429).</summary>
    ExportAlreadyRunning,

    /// <summary>Another process works with the job file.</summary>
    JobFileInUse,

    /// <summary>The job file is of a job that runs and asks for something else.</summary>
    JobFileDiffers,

    /// <summary>What should be a job file is none, or cannot be read.</summary>
    InvalidJobFile,

    /// <summary>The job file cannot be written.</summary>
    JobFileNotWritable,

    /// <summary>Several groups for one job file.</summary>
    JobFileShared,

    /// <summary>The audit log cannot be written; nothing was sent.</summary>
    LogNotWritable,

    /// <summary>The token URL cannot be found by SMART discovery.</summary>
    DiscoveryFailed,

    /// <summary>The token URL gives no answer.</summary>
    TokenEndpointUnreachable,

    /// <summary>What answers at the token URL is no token endpoint.</summary>
    TokenEndpointUnusable,

    /// <summary>The token endpoint does not know the client or its key (<c>invalid_client</c>).</summary>
    InvalidClient,

    /// <summary>The token endpoint refuses an assertion, and this machine's clock is more than a minute off the server's.</summary>
    ClockSkew,

    /// <summary>The token endpoint does not grant the scope (<c>invalid_scope</c>).</summary>
    InvalidScope,

    /// <summary>The token endpoint refuses for another reason.</summary>
    TokenRequestRefused,

    /// <summary>The server does not accept the access token (401).</summary>
    TokenRejected,

    /// <summary>The server forbids this (403).</summary>
    AccessDenied,

    /// <summary>The server no longer knows the job (404 or 410).</summary>
    JobNotFound,

    /// <summary>The status could not be asked for; the job may well go on.</summary>
    StatusUnavailable,

    /// <summary>The server ended the export with an error.</summary>
    ExportFailed,

    /// <summary>The time to wait was over; the export goes on.</summary>
    WaitTimeout,

    /// <summary>The manifest cannot be read.</summary>
    InvalidManifest,

    /// <summary>The server did not take the DELETE.</summary>
    RemovalFailed,

    /// <summary>The export is finished and its files are not verified, so that removing it would lose them.</summary>
    FilesNotVerified,

    /// <summary>The earlier export that this one should go on from missed something.</summary>
    SinceSourceIncomplete,

    /// <summary>The earlier export that this one should go on from asked for something else.</summary>
    SinceSourceDiffers,

    /// <summary>A redirect that leads from https to http, or in circles.</summary>
    UnsafeRedirect,

    /// <summary>A URL from the server that cannot be requested: it contains control characters, has no valid host, or is too long.</summary>
    UnsafeServerUrl,

    /// <summary>No folder was named.</summary>
    MissingPath,

    /// <summary>The path is not a folder of the file system.</summary>
    InvalidPath,

    /// <summary>The folder cannot be made or written to.</summary>
    FolderNotWritable,

    /// <summary>Another process is saving to the folder.</summary>
    FolderInUse,

    /// <summary>Two jobs would be saved to one folder.</summary>
    FolderShared,

    /// <summary>The folder holds the files of another export.</summary>
    FolderHoldsOtherExport,

    /// <summary>The folder has no receipt.</summary>
    ReceiptNotFound,

    /// <summary>The receipt cannot be read.</summary>
    InvalidReceipt,

    /// <summary>A file could not be fetched.</summary>
    FileFailed,

    /// <summary>A file does not hold as many resources as the manifest says.</summary>
    CountMismatch,

    /// <summary>A file was not read to its end, because it is a decompression bomb or has a line that does not end.</summary>
    FileRejected,

    /// <summary>A file is no NDJSON, or breaks off.</summary>
    InvalidFile,

    /// <summary>A line of a saved file that is no resource, or not what was asked for.</summary>
    InvalidLine,

    /// <summary>The disk has less room than the files need by the manifest.</summary>
    NotEnoughSpace,

    /// <summary>Writing to disk failed.</summary>
    DiskWriteFailed,

    /// <summary>The server's own message files report errors.</summary>
    ServerReportedErrors,

    /// <summary>The practice server could not be started.</summary>
    SandboxFailed,

    /// <summary>The key file is not there or cannot be opened.</summary>
    KeyFileUnreadable,

    /// <summary>What was given as private key is neither a JWK nor a PEM, or a damaged one.</summary>
    KeyUnreadable,

    /// <summary>A public key or a certificate without private key, where a private one is needed.</summary>
    KeyNotPrivate,

    /// <summary>An RSA key under 2048 bits, or a shared secret shorter than its hash.</summary>
    KeyTooWeak,

    /// <summary>No key id (kid) was given and the key has none, or no key of a set has the one given.</summary>
    KeyIdMissing,

    /// <summary>The private key is encrypted, and the passphrase is missing or does not open it.</summary>
    WrongPassphrase,

    /// <summary>The key is of a kind, a curve or a purpose that does not fit the algorithm.</summary>
    KeyAlgorithmMismatch,

    /// <summary>Several private keys, and nothing says which one is meant.</summary>
    KeyAmbiguous,
}
