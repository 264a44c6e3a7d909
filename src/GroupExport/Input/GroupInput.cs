namespace GroupExport.Input;

/// <summary>Reads the id of a Group: alone, or as <c>Group/{id}</c>.</summary>
internal static class GroupInput
{
    private const string Prefix = "Group/";

    /// <exception cref="ExportException">It cannot stand in the path of a URL.</exception>
    public static string Read(string? typed)
    {
        string id = (typed ?? "").Trim();
        if (id.StartsWith(Prefix, StringComparison.Ordinal))
        {
            id = id[Prefix.Length..];
        }

        bool usable = id.Length > 0 && id is not ("." or "..") && !id.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || "/\\?#%,".Contains(character));
        return usable ? id : throw new ExportException(
            ExportErrorKind.InvalidGroupId,
            $"'{typed}' is no group id. Give the id of the Group resource alone (or Group/<id>), without slashes, spaces or the rest of a URL.")
        {
            Subject = typed,
        };
    }
}
