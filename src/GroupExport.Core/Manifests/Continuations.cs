using GroupExport.Http;

namespace GroupExport.Manifests;

/// <summary>Finds the file that goes on with the last block of another (Bulk Data Access 3, <c>continuesInFile</c>), on whatever page it stands.</summary>
/// <remarks>Servers write an absolute URL, a relative one, or the bare name of the file.</remarks>
internal sealed class Continuations
{
    private readonly Dictionary<string, string> _byUrl = [];
    private readonly Dictionary<string, string?> _byLastSegment = [];

    public Continuations(IEnumerable<NamedEntry> files)
    {
        foreach ((ServerUrl url, string name) in files.Where(file => file.Entry is { Kind: FileKind.Output, Url: not null }).Select(file => (file.Entry.Url!, file.Name)))
        {
            _byUrl.TryAdd(url.Text, name);

            // A name that several files have tells none of them.
            string segment = url.LastSegment;
            _byLastSegment[segment] = _byLastSegment.ContainsKey(segment) ? null : name;
        }
    }

    /// <summary>Its name in the folder; null when there is none, or none that is listed.</summary>
    public string? Of(ManifestEntry entry)
    {
        if (entry is not { Url: { } url, ContinuesInFile: { } written })
        {
            return null;
        }

        ServerUrl target = url.Resolve(written);
        return _byUrl.GetValueOrDefault(target.Text) ?? _byLastSegment.GetValueOrDefault(target.LastSegment);
    }
}
