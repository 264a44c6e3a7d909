namespace GroupExport.Import;

/// <summary>A resource that was deleted at the server (Bulk Data Access, <c>deleted</c>: a DELETE entry of a transaction Bundle).</summary>
public sealed class DeletedResource
{
    /// <summary>The resource type.</summary>
    public string Type { get; init; } = "";

    /// <summary>The logical id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Type and id as a relative reference.</summary>
    public override string ToString() => $"{Type}/{Id}";
}
