namespace GroupExport.Import;

/// <summary>Which files of an export are read.</summary>
public enum ImportKind
{
    /// <summary>The resources.</summary>
    Output,

    /// <summary>What was deleted since the instant that the export goes on from (Bulk Data Access, <c>deleted</c>).</summary>
    Deleted,

    /// <summary>The server's own messages: OperationOutcome resources.</summary>
    Error,
}
