namespace GroupExport.Sandbox.Data;

/// <summary>Gives every patient id a number, so that lines and groups need not hold strings.</summary>
internal sealed class PatientDirectory
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _ids = [];
    private readonly HashSet<int> _resources = [];
    private readonly HashSet<int> _referenced = [];

    public string Id(int number) => _ids[number];

    public bool TryGetNumber(string id, out int number) => _numbers.TryGetValue(id, out number);

    /// <summary>The number of a patient whose resource is in the data.</summary>
    public int AddResource(string id)
    {
        var number = Number(id);
        _resources.Add(number);
        return number;
    }

    /// <summary>The number of a patient that a resource refers to; a <c>urn:uuid:</c> alone does not make it a patient.</summary>
    public int AddReference(string id, bool namesPatient)
    {
        var number = Number(id);
        if (namesPatient)
        {
            _referenced.Add(number);
        }

        return number;
    }

    /// <summary>All patients in order of appearance; data without Patient resources still has those that it refers to.</summary>
    public IReadOnlyList<int> All()
    {
        var known = _resources.Count > 0 ? _resources : _referenced;
        return [.. known.Order()];
    }

    private int Number(string id)
    {
        if (!_numbers.TryGetValue(id, out var number))
        {
            number = _ids.Count;
            _ids.Add(id);
            _numbers.Add(id, number);
        }

        return number;
    }
}
