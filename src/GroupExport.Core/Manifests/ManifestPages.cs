namespace GroupExport.Manifests;

/// <summary>The pages of one manifest, in the order they are linked (Bulk Data Access 3, <c>link.next</c>).</summary>
internal sealed class ManifestPages(Uri root)
{
    private readonly List<ExportManifest> _pages = [];
    private readonly HashSet<Uri> _seen = [root];

    public ExportManifest First => _pages[0];

    /// <summary>The page that is still to be fetched, or null.</summary>
    public Uri? Next { get; private set; }

    /// <exception cref="ExportException">The page is no manifest, or its link leads back to a page already read.</exception>
    public void Add(ReadOnlyMemory<byte> json, Uri source)
    {
        ExportManifest page = ManifestReader.Read(json, source, _pages.Count + 1);
        _pages.Add(page);
        Next = page.Next;
        if (Next is not null && !_seen.Add(Next))
        {
            throw new ExportException(ExportErrorKind.InvalidManifest, "The pages of the manifest are linked in a circle, so it is never complete. The job was left alone; ask the server's operator.");
        }
    }

    /// <summary>All files with the names they get in the folder.</summary>
    public IReadOnlyList<NamedEntry> Files()
    {
        FileNames names = new(organized: First.OutputOrganizedBy is not null);
        NamedEntry[] files = [.. _pages.SelectMany(page => page.Entries).Select(entry => new NamedEntry(entry, names.Next(entry.Kind, entry.Type), ContinuesIn: null))];
        Continuations continuations = new(files);
        return [.. files.Select(file => file with { ContinuesIn = continuations.Of(file.Entry) })];
    }
}
