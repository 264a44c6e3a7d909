using GroupExport.Http;

namespace GroupExport.Manifests;

/// <summary>A manifest, whatever version of the standard it was written in (Bulk Data Access, "Response - Output Manifest").</summary>
/// <param name="TransactionTime">The server's time of the query, verbatim; null when it is missing.</param>
/// <param name="RequiresAccessToken">Whether files want the token; null when the server does not say.</param>
/// <param name="OutputOrganizedBy">The resource type that organizes the output, or null.</param>
/// <param name="Entries">The files of this page, in the order of the manifest.</param>
/// <param name="Next">The next page, or null.</param>
/// <param name="RedoxLogIds">The ids of the Redox dashboard, when the manifest comes wrapped.</param>
internal sealed record ExportManifest(
    string? TransactionTime,
    bool? RequiresAccessToken,
    string? OutputOrganizedBy,
    IReadOnlyList<ManifestEntry> Entries,
    ServerUrl? Next,
    IReadOnlyList<string> RedoxLogIds);

/// <summary>One file of a manifest.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Type">The resource type as the server wrote it, or null.</param>
/// <param name="Url">Where the file is; null when the manifest states none.</param>
/// <param name="Count">How many resources it holds, or null.</param>
/// <param name="FileSize">Its size in bytes, or null.</param>
/// <param name="Page">The page it stands on, from 1.</param>
/// <param name="Index">Its place in its array, from 0.</param>
/// <param name="ContinuesInFile">The file that goes on with its last block, as the server wrote it: a URL or a bare name; null when there is none.</param>
internal sealed record ManifestEntry(FileKind Kind, string? Type, ServerUrl? Url, long? Count, long? FileSize, int Page, int Index, string? ContinuesInFile = null);

/// <summary>What a file of an export holds.</summary>
internal enum FileKind
{
    /// <summary>Resources.</summary>
    Output,

    /// <summary>Bundles of what was deleted.</summary>
    Deleted,

    /// <summary>OperationOutcomes.</summary>
    Error,
}
