namespace GroupExport.Sandbox.Jobs;

/// <summary>A file in a manifest.</summary>
internal sealed record ManifestItem(string? Type, string Url, int Count)
{
    /// <summary>URL of the file that goes on with the last block.</summary>
    public string? ContinuesIn { get; init; }

    public required long Length { get; init; }

    public IReadOnlyList<KeyValuePair<string, int>> Severities { get; init; } = [];
}

/// <summary>A manifest, or one page of it, before it is written.</summary>
internal sealed record ManifestPage
{
    public required DateTimeOffset TransactionTime { get; init; }

    public required string Request { get; init; }

    public string? OrganizedBy { get; init; }

    public required IReadOnlyList<ManifestItem> Output { get; init; }

    public required IReadOnlyList<ManifestItem> Deleted { get; init; }

    public required IReadOnlyList<ManifestItem> Outcomes { get; init; }

    /// <summary>URL of the next page.</summary>
    public string? Next { get; init; }

    /// <summary>Fields that are left out though they belong here.</summary>
    public IReadOnlyList<string> Omitted { get; init; } = [];

    /// <summary>True to write <c>requiresAccessToken</c> as a text.</summary>
    public bool IsTokenRuleText { get; init; }

    public ManifestPage WithItems(Func<ManifestItem, ManifestItem> change) => this with
    {
        Output = [.. Output.Select(change)],
        Deleted = [.. Deleted.Select(change)],
        Outcomes = [.. Outcomes.Select(change)],
    };
}
