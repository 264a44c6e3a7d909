using GroupExport.Http;

namespace GroupExport.Manifests;

/// <summary>The pages of one manifest, in the order they are linked (Bulk Data Access 3, <c>link.next</c>). While the export runs a page may get its link later.</summary>
internal sealed class ManifestPages(ServerUrl root)
{
    /// <summary>A million files, ten to a page.</summary>
    private const int MostPages = 100_000;

    private readonly List<ManifestPage> _pages = [];
    private readonly HashSet<ServerUrl> _seen = [root];

    public int Count => _pages.Count;

    public ExportManifest First => _pages[0].Manifest;

    public ManifestPage Last => _pages[^1];

    /// <summary>The page that is still to be fetched, or null.</summary>
    public ServerUrl? Next { get; private set; }

    /// <summary>The pages as they came.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Texts => [.. _pages.Select(page => page.Json)];

    /// <summary>Adds the page that the last one links to; the first page is the root.</summary>
    /// <exception cref="ExportException">It is no manifest, or its link leads back to a page already read.</exception>
    public void Add(ReadOnlyMemory<byte> json, ServerUrl source)
    {
        _pages.Add(new ManifestPage(source, json, ManifestReader.Read(json, source, _pages.Count + 1)));
        Link(Last.Manifest.Next);
    }

    /// <summary>Takes a page once more: the root, or the last one. Its files stay the same, their links may be newer, and it may have got its own.</summary>
    /// <exception cref="ExportException">It is no manifest, or lists other files than before.</exception>
    public void Renew(int index, ReadOnlyMemory<byte> json, ServerUrl source)
    {
        ExportManifest page = ManifestReader.Read(json, source, index + 1);
        if (page.Entries.Count < _pages[index].Manifest.Entries.Count)
        {
            throw new ExportException(ExportErrorKind.InvalidManifest, $"Page {index + 1} of the manifest lists fewer files than before, though pages never change. The job was left alone; ask the server's operator.");
        }

        bool linkIsNew = index == _pages.Count - 1 && Next is null;
        _pages[index] = new ManifestPage(source, json, page);
        if (linkIsNew)
        {
            Link(page.Next);
        }
    }

    /// <summary>All files with the names they get in the folder.</summary>
    public IReadOnlyList<NamedEntry> Files()
    {
        FileNames names = new(organized: First.OutputOrganizedBy is not null);
        NamedEntry[] files = [.. ListedEntries.Merge(Entries()).Select(file => file.ToNamed(names.Next(file.Entry.Kind, file.Entry.Type)))];
        Continuations continuations = new(files);
        return [.. files.Select(file => file with { ContinuesIn = continuations.Of(file.Entry) })];
    }

    /// <summary>Returns the types of which the manifest says that there is nothing, without a file.</summary>
    public IReadOnlyList<string> EmptyTypes() =>
        [.. Entries().Where(entry => ListedEntries.IsNothing(entry) && entry.Kind == FileKind.Output).Select(entry => entry.Type).OfType<string>().Distinct()];

    /// <summary>The entries of all pages. Pages of version 3 repeat the message files of the first one, whose links may be signed anew each time.</summary>
    private IEnumerable<ManifestEntry> Entries()
    {
        HashSet<string> messages = [.. _pages[0].Manifest.Entries.Where(entry => entry.Kind == FileKind.Error).Select(Place)];
        return _pages.SelectMany(page => page.Manifest.Entries)
            .Where(entry => entry.Kind != FileKind.Error || entry.Page == 1 || !messages.Contains(Place(entry)));
    }

    private static string Place(ManifestEntry entry) => entry.Url?.Place ?? "";

    private void Link(ServerUrl? next)
    {
        Next = next;
        if (next is not null && _pages.Count == MostPages)
        {
            throw new ExportException(ExportErrorKind.InvalidManifest, $"The manifest goes on after {MostPages} pages, so it is likely never complete. The job was left alone; ask the server's operator.");
        }

        if (next is not null && !_seen.Add(next))
        {
            throw new ExportException(ExportErrorKind.InvalidManifest, "The pages of the manifest are linked in a circle, so it is never complete. The job was left alone; ask the server's operator.");
        }
    }
}

/// <summary>One page as it came.</summary>
/// <param name="Source">Where it came from.</param>
/// <param name="Json">Its text.</param>
/// <param name="Manifest">What it says.</param>
internal sealed record ManifestPage(ServerUrl Source, ReadOnlyMemory<byte> Json, ExportManifest Manifest);
