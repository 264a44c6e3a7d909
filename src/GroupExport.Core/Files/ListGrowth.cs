using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Manifests;

namespace GroupExport.Files;

/// <summary>Represents what a later answer for a complete export lists in addition to an earlier one.</summary>
/// <param name="Files">All files: those of the later answer, and those that only the earlier one lists. Known files keep their names.</param>
/// <param name="Added">The files that only the later answer lists.</param>
/// <remarks>
/// Kind, type and URL without query tell files apart. A query counts only among files that are equal otherwise, because a signature changes with each answer.
/// Where as many files are listed and none is as it was, paths are new in each answer, and files are known by their order.
/// </remarks>
internal sealed record ListGrowth(ExportFile[] Files, ExportFile[] Added)
{
    /// <summary>Gets a value indicating whether the later answer lists nothing of the earlier one, so that nobody knows which files are the same.</summary>
    public bool IsOther { get; init; }

    /// <summary>Compares two answers.</summary>
    /// <param name="known">The files of the earlier answer, under their names.</param>
    /// <param name="listed">The files of the later one.</param>
    /// <param name="taken">The names that are in use in the folder.</param>
    public static ListGrowth Of(ExportFile[] known, ExportFile[] listed, IEnumerable<string> taken)
    {
        ExportFile?[] same = new ExportFile?[listed.Length];
        HashSet<ExportFile> missing = [.. known];
        Match(listed, same, missing, file => (file.Kind, file.Type, file.Url));
        Match(listed, same, missing, file => (file.Kind, file.Type, ServerUrl.PlaceOf(file.Url)));
        bool isOther = missing.Count > 0 && missing.Count == known.Length && listed.Length > 0;
        if (isOther && listed.Length == known.Length)
        {
            Match(listed, same, missing, file => (file.Kind, file.Type, ""));
        }

        HashSet<string> names = [.. taken, .. known.Select(file => file.Name)];
        Dictionary<string, string> renamed = [];
        for (int i = 0; i < listed.Length; i++)
        {
            renamed.Add(listed[i].Name, same[i]?.Name ?? FreeName(listed[i].Name, names));
        }

        ExportFile[] named = [.. listed.Select(file => file.Named(renamed[file.Name], file.ContinuesIn is { } next ? renamed.GetValueOrDefault(next) : null))];
        return new ListGrowth([.. named, .. known.Where(missing.Contains)], [.. named.Where((_, i) => same[i] is null)]) { IsOther = isOther && listed.Length != known.Length };
    }

    private static void Match(ExportFile[] listed, ExportFile?[] same, HashSet<ExportFile> missing, Func<ExportFile, (string Kind, string? Type, string Url)> key)
    {
        Dictionary<(string Kind, string? Type, string Url), Queue<ExportFile>> byKey = missing.GroupBy(key).ToDictionary(group => group.Key, group => new Queue<ExportFile>(group));
        for (int i = 0; i < listed.Length; i++)
        {
            if (same[i] is null && byKey.TryGetValue(key(listed[i]), out Queue<ExportFile>? files) && files.TryDequeue(out ExportFile? file))
            {
                same[i] = file;
                missing.Remove(file);
            }
        }
    }

    private static string FreeName(string name, HashSet<string> names)
    {
        while (!names.Add(name))
        {
            name = FileNames.After(name);
        }

        return name;
    }
}
