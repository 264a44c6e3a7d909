using GroupExport.Jobs;
using GroupExport.Manifests;

namespace GroupExport.Files;

/// <summary>
/// Gives the files of a manifest the names under which a receipt knows them, wherever the server lists them now: what is saved is neither fetched
/// again nor written over by another file.
/// </summary>
/// <remarks>Files are known by where they are (<see cref="FileSources"/>). Where nothing is as it was, places and so names stand for files.</remarks>
internal sealed class KeptNames
{
    private readonly HashSet<string> _taken;
    private readonly Dictionary<(string? Source, string Kind, string? Type), Queue<string>> _known = [];
    private readonly FileSources _sources;

    private KeptNames(IReadOnlyList<ReceiptEntry> known, IReadOnlyCollection<ExportFile> listed)
    {
        _taken = [.. known.Select(entry => entry.Name)];
        _sources = new FileSources(listed);
        foreach (ReceiptEntry entry in known.Where(entry => entry.Source is not null))
        {
            var place = (entry.Source, entry.Kind, entry.Type);
            if (!_known.TryGetValue(place, out Queue<string>? names))
            {
                _known.Add(place, names = []);
            }

            names.Enqueue(entry.Name);
        }
    }

    /// <summary>The files as they are listed, under their names.</summary>
    public static ExportFile[] Of(IReadOnlyList<ReceiptEntry> known, ExportFile[] listed)
    {
        KeptNames kept = new(known, listed);
        string?[] names = [.. listed.Select(kept.NameBefore)];

        // A file that had no URL before keeps its name when it gets one; which of several it was, nobody knows.
        names = [.. names.Select((name, i) => name ?? kept.NameOf(FileSources.Nowhere, listed[i]))];
        if (names.All(name => name is null))
        {
            return listed;
        }

        Dictionary<string, string> renamed = [];
        for (int i = 0; i < listed.Length; i++)
        {
            renamed[listed[i].Name] = names[i] ?? kept.FreeName(listed[i].Name);
        }

        return [.. listed.Select(file => file.Named(renamed[file.Name], file.ContinuesIn is { } next ? renamed.GetValueOrDefault(next) : null))];
    }

    /// <summary>Null for a file that was not listed before.</summary>
    private string? NameBefore(ExportFile file) => NameOf(_sources.Of(file), file);

    private string? NameOf(string source, ExportFile file) =>
        _known.TryGetValue((source, file.Kind, file.Type), out Queue<string>? names) && names.TryDequeue(out string? name) ? name : null;

    private string FreeName(string name)
    {
        while (!_taken.Add(name))
        {
            name = FileNames.After(name);
        }

        return name;
    }
}
