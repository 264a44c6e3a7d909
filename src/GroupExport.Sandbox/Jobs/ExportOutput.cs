namespace GroupExport.Sandbox.Jobs;

/// <summary>Everything that an export brings.</summary>
internal sealed class ExportOutput
{
    private readonly Dictionary<string, (ExportFile File, int Index)> _byName = new(StringComparer.Ordinal);

    public ExportOutput(IReadOnlyList<ExportFile> files, IReadOnlyList<ExportFile> deleted, IReadOnlyList<ExportFile> outcomes, string? organizedBy)
    {
        Files = files;
        Deleted = deleted;
        Outcomes = outcomes;
        OrganizedBy = organizedBy;
        foreach (var file in outcomes)
        {
            _byName.Add(file.Name, (file, 0));
        }

        for (var index = 0; index < files.Count; index++)
        {
            _byName.Add(files[index].Name, (files[index], index));
        }

        foreach (var file in deleted)
        {
            _byName.Add(file.Name, (file, Math.Max(0, files.Count - 1)));
        }
    }

    public IReadOnlyList<ExportFile> Files { get; }

    /// <summary>Bundles that tell what was deleted.</summary>
    public IReadOnlyList<ExportFile> Deleted { get; }

    /// <summary>OperationOutcomes.</summary>
    public IReadOnlyList<ExportFile> Outcomes { get; }

    /// <summary>The resource type by whose instances the files are organized; null when by type.</summary>
    public string? OrganizedBy { get; }

    /// <summary>A file of any kind, and the index of the output file with which it becomes available: outcomes with the first, deletions with the last.</summary>
    public (ExportFile File, int Index)? Find(string name) => _byName.TryGetValue(name, out var found) ? found : null;
}
