namespace GroupExport.Sandbox.Data;

/// <summary>A group that can be exported.</summary>
internal sealed class PatientGroup
{
    private readonly HashSet<int> _members;

    public PatientGroup(string id, string name, IReadOnlyList<int> members, bool holdsEveryone)
    {
        Id = id;
        Name = name;
        Members = members;
        HoldsEveryone = holdsEveryone;
        _members = [.. members];
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>Numbers of the members in the <see cref="PatientDirectory"/>.</summary>
    public IReadOnlyList<int> Members { get; }

    /// <summary>True when no resource has to be left out on account of its patient.</summary>
    public bool HoldsEveryone { get; }

    public bool Contains(int patient) => _members.Contains(patient);
}
