using static System.Management.Automation.ErrorCategory;

namespace GroupExport.Errors;

/// <summary>The one table of error ids, their categories and what to do.</summary>
internal static class ErrorMeanings
{
    private static readonly Dictionary<ExportErrorKind, ErrorMeaning> s_table = new()
    {
        [ExportErrorKind.UnknownResourceType] = new(InvalidArgument, "Correct the name of the resource type."),
        [ExportErrorKind.UnknownInput] = new(InvalidData, "Pipe Patient/<id>, Patient resources, names of R4 resource types, or rows with Patient, Type or GroupId."),
        [ExportErrorKind.InvalidPatient] = new(InvalidArgument, "Write patients as Patient/<id>."),
        [ExportErrorKind.EmptyPatient] = new(InvalidArgument, "Leave the parameter out to export the whole group, or name patients."),
        [ExportErrorKind.EmptyPipeline] = new(InvalidArgument, "Look why the command before brought nothing."),
        [ExportErrorKind.MissingGroup] = new(InvalidArgument, "Name the group with -GroupId."),
        [ExportErrorKind.InvalidGroupId] = new(InvalidArgument, "Give the id of the Group resource alone."),
        [ExportErrorKind.GroupConflict] = new(InvalidArgument, "Leave out -GroupId or the GroupId of the rows."),
        [ExportErrorKind.AmbiguousPatientGroup] = new(InvalidArgument, "Give each patient a GroupId, or run one group at a time."),
        [ExportErrorKind.PatientNeedsPost] = new(InvalidArgument, "Use POST for requests with patients."),
        [ExportErrorKind.MethodNotSupported] = new(InvalidArgument, "Leave -Method out, or connect with another -RequestStyle."),
        [ExportErrorKind.InvalidInstant] = new(InvalidArgument, "Write an instant with seconds and zone, such as 2026-11-01T00:00:00Z."),
        [ExportErrorKind.InvalidParameter] = new(InvalidArgument, "Correct the value."),
        [ExportErrorKind.InvalidMeta] = new(InvalidArgument, "Write hashtables with the keys the Redox reference names; IDs are UUIDs."),
        [ExportErrorKind.InvalidServerUri] = new(InvalidArgument, "Give an absolute https URL."),
        [ExportErrorKind.NoConnection] = new(ConnectionError, "Run Connect-GroupExport."),
        [ExportErrorKind.ConnectionClosed] = new(ConnectionError, "Run Connect-GroupExport."),
        [ExportErrorKind.WrongConnection] = new(InvalidArgument, "Connect to the server of the job."),
        [ExportErrorKind.UntrustedStatusOrigin] = new(SecurityError, "Check the status URL; connect to its server."),
        [ExportErrorKind.UntrustedFileOrigin] = new(SecurityError, "Connect with -TrustedOrigin if the origin may have the token."),
        [ExportErrorKind.NotAJob] = new(InvalidArgument, "Pipe what New-GroupExport or Get-ExportStatus returned, or a status URL."),
        [ExportErrorKind.ServerUnreachable] = new(ConnectionError, "Check address and network, then try again."),
        [ExportErrorKind.KickOffRejected] = new(InvalidOperation, "Correct the request by the server's words."),
        [ExportErrorKind.KickOffUncertain] = new(ConnectionError, "Look at the server whether an export runs before starting another."),
        [ExportErrorKind.StatusUrlMissing] = new(InvalidResult, "Ask the server's operator for the status URL."),
        [ExportErrorKind.ExportAlreadyRunning] = new(ResourceBusy, "Wait for the running export, or cancel it with Remove-GroupExport."),
        [ExportErrorKind.DiscoveryFailed] = new(ObjectNotFound, "Give the token URL with -TokenUri."),
        [ExportErrorKind.TokenEndpointUnreachable] = new(ConnectionError, "Check the token URL and the network."),
        [ExportErrorKind.TokenEndpointUnusable] = new(InvalidResult, "Check the token URL, and proxies on the way."),
        [ExportErrorKind.InvalidClient] = new(AuthenticationError, "Check client id, key, kid and clock."),
        [ExportErrorKind.InvalidScope] = new(AuthenticationError, "Ask with -Scope for what is granted."),
        [ExportErrorKind.TokenRequestRefused] = new(AuthenticationError, "Check how the client is registered."),
        [ExportErrorKind.TokenRejected] = new(AuthenticationError, "Connect again with a fresh token."),
        [ExportErrorKind.AccessDenied] = new(PermissionDenied, "Ask for the missing permission."),
        [ExportErrorKind.JobNotFound] = new(ObjectNotFound, "Start a new export."),
        [ExportErrorKind.StatusUnavailable] = new(ResourceUnavailable, "Ask again later; the export may well go on."),
        [ExportErrorKind.ExportFailed] = new(InvalidResult, "Correct the request by the server's words and start a new export."),
        [ExportErrorKind.WaitTimeout] = new(OperationTimeout, "Pipe the job to Get-ExportStatus -Wait to go on waiting."),
        [ExportErrorKind.InvalidManifest] = new(InvalidData, "Ask the server's operator."),
        [ExportErrorKind.RemovalFailed] = new(InvalidResult, "Try again later."),
        [ExportErrorKind.UnsafeRedirect] = new(SecurityError, "Ask the server's operator."),
        [ExportErrorKind.MissingPath] = new(InvalidArgument, "Name the folder with -Path."),
        [ExportErrorKind.InvalidPath] = new(InvalidArgument, "Name a folder of the file system."),
        [ExportErrorKind.FolderNotWritable] = new(PermissionDenied, "Choose another folder or get the right to write there."),
        [ExportErrorKind.FolderInUse] = new(ResourceBusy, "Wait for the other process, or choose another folder."),
        [ExportErrorKind.FolderShared] = new(InvalidArgument, "Give each job a folder of its own, such as -Path { \"out/$($_.GroupId)\" }."),
        [ExportErrorKind.FolderHoldsOtherExport] = new(ResourceExists, "Choose another folder."),
        [ExportErrorKind.ReceiptNotFound] = new(ObjectNotFound, "Name the folder that Save-ExportFiles wrote to."),
        [ExportErrorKind.InvalidReceipt] = new(InvalidData, "Move the receipt away and save to an empty folder."),
        [ExportErrorKind.FileFailed] = new(ReadError, "Get-ExportReceipt <folder> | Save-ExportFiles fetches what is missing."),
        [ExportErrorKind.CountMismatch] = new(InvalidData, "Get-ExportReceipt <folder> | Save-ExportFiles fetches it anew; ask the server's operator if it stays so."),
        [ExportErrorKind.InvalidFile] = new(InvalidData, "Get-ExportReceipt <folder> | Save-ExportFiles fetches it anew; ask the server's operator if it stays so."),
        [ExportErrorKind.DiskWriteFailed] = new(WriteError, "Free the disk or restore the permission, then Get-ExportReceipt <folder> | Save-ExportFiles."),
        [ExportErrorKind.ServerReportedErrors] = new(InvalidResult, "Read the files in the error folder; data may be missing."),
        [ExportErrorKind.SandboxFailed] = new(ResourceUnavailable, "Correct the options of the sandbox."),
    };

    public static ErrorMeaning Of(ExportErrorKind kind) => s_table[kind];
}
