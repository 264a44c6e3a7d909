namespace GroupExport.Manifests;

/// <summary>Makes files of the entries of a manifest: entries that list the same URL are one file, and those that say that there is nothing are none.</summary>
internal static class ListedEntries
{
    /// <summary>Determines whether an entry says that there is nothing: it has no URL and a count of zero, as servers write for types without resources.</summary>
    public static bool IsNothing(ManifestEntry entry) => entry is { Url: null, Count: 0 };

    /// <summary>Returns the files, in the order in which they are listed first.</summary>
    public static IEnumerable<ListedFile> Merge(IEnumerable<ManifestEntry> entries)
    {
        List<List<ManifestEntry>> files = [];
        Dictionary<string, List<ManifestEntry>> byUrl = [];
        foreach (ManifestEntry entry in entries.Where(entry => !IsNothing(entry)))
        {
            if (entry.Url is { } url && byUrl.TryGetValue(url.Text, out List<ManifestEntry>? listed))
            {
                listed.Add(entry);
                continue;
            }

            files.Add([entry]);
            if (entry.Url is not null)
            {
                byUrl.Add(entry.Url.Text, files[^1]);
            }
        }

        return files.Select(Merge);
    }

    private static ListedFile Merge(List<ManifestEntry> entries)
    {
        ManifestEntry first = entries[0];
        if (first.Url is null)
        {
            return new ListedFile(first, 1, "the manifest lists it without a URL");
        }

        return entries.All(entry => entry.Kind == first.Kind && entry.Type == first.Type)
            ? new ListedFile(first with { Count = entries.Max(entry => entry.Count) }, entries.Count, null)
            : new ListedFile(first, entries.Count, $"the manifest lists its URL {entries.Count} times, as files of different kinds or types");
    }
}

/// <summary>Represents a file and what the manifest says of it.</summary>
/// <param name="Entry">The file. Of several counts it has the greatest, so that a file with less never passes for the whole.</param>
/// <param name="Times">How often the manifest lists it.</param>
/// <param name="Fault">Why it can't be downloaded, as a clause; null when it can.</param>
internal sealed record ListedFile(ManifestEntry Entry, int Times, string? Fault)
{
    /// <summary>Returns the file with its name in the folder.</summary>
    public NamedEntry ToNamed(string name) => new(Fault is null ? Entry : Entry with { Url = null }, name, ContinuesIn: null, Times, Fault);
}
