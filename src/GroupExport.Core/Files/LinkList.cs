using GroupExport.Http;
using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>The links of a manifest that was asked for again, to be found by the files of the first one.</summary>
/// <remarks>
/// A file is known again by the path of its link, because servers do not always list files in the same order and a signature in the query
/// changes with each answer. Where paths change too, it is known by page, array and index, with equal type and count.
/// </remarks>
internal sealed class LinkList
{
    private readonly HashSet<string> _firstPaths;
    private readonly Dictionary<string, ExportFile> _byPath = [];
    private readonly Dictionary<Place, ExportFile> _byPlace = [];

    public LinkList(IReadOnlyCollection<ExportFile> files, IEnumerable<ExportFile> first)
    {
        _firstPaths = [.. first.Select(Path)];
        files = [.. files.Where(file => file.Url.Length > 0)];
        bool tellsApart = files.Select(Path).Distinct().Count() == files.Count;
        foreach (ExportFile file in files)
        {
            _byPlace.TryAdd(PlaceOf(file), file);
            if (tellsApart)
            {
                _byPath.Add(Path(file), file);
            }
        }
    }

    /// <summary>The newer link of a file; null when it is not listed any more.</summary>
    public ExportFile? Find(ExportFile file)
    {
        if (_byPath.TryGetValue(Path(file), out ExportFile? same))
        {
            return same.Kind == file.Kind && same.Type == file.Type && same.Count == file.Count ? same : null;
        }

        // A path that was another file's before is that file's still, wherever it is listed now.
        return _byPlace.TryGetValue(PlaceOf(file), out ExportFile? there) && !(_byPath.Count > 0 && _firstPaths.Contains(Path(there))) ? there : null;
    }

    private static string Path(ExportFile file) => ServerUrl.PlaceOf(file.Url);

    private static Place PlaceOf(ExportFile file) => new(file.Kind, file.Page, file.Index, file.Type, file.Count);

    private sealed record Place(string Kind, int Page, int Index, string? Type, long? Count);
}
