namespace GroupExport.Sandbox.Data;

/// <summary>Everything that a sandbox can export. Never changes after the start.</summary>
internal sealed class ExportData
{
    private readonly Dictionary<string, PatientGroup> _groups;

    public ExportData(IEnumerable<ResourceFile> files, PatientDirectory patients, IReadOnlyList<PatientGroup> groups)
    {
        // A stable sort: several files of one type stay in the order of their names.
        Files = [.. files.Where(file => file.Lines.Length > 0).OrderBy(file => file.ResourceType, StringComparer.Ordinal)];
        Patients = patients;
        Groups = groups;
        _groups = groups.ToDictionary(group => group.Id, StringComparer.Ordinal);
    }

    /// <summary>The files in order of type.</summary>
    public IReadOnlyList<ResourceFile> Files { get; }

    public PatientDirectory Patients { get; }

    /// <summary>The groups, the default one first.</summary>
    public IReadOnlyList<PatientGroup> Groups { get; }

    public PatientGroup? FindGroup(string id) => _groups.GetValueOrDefault(id);
}
