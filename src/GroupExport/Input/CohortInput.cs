using GroupExport.Fhir;

namespace GroupExport.Input;

/// <summary>Collects patients, types and groups from parameters and pipeline into one cohort a group.</summary>
internal sealed class CohortInput(Uri fhirBase)
{
    private readonly Distinct _groups = new();
    private readonly Distinct _barePatients = new();
    private readonly Distinct _bareTypes = new();
    private readonly Dictionary<string, (Distinct Patients, Distinct Types)> _own = [];

    /// <summary>Whether types were named on the command line, which then stand alone: a column of that name is not read.</summary>
    public bool TypesAreGiven { get; init; }

    /// <summary>The groups that were named on the command line; rows may repeat but not change them.</summary>
    public IReadOnlyList<string> GivenGroups { get; init; } = [];

    public void AddGroup(string groupId) => _groups.Add(groupId);

    public void AddPatient(string reference, string? groupId = null) =>
        (groupId is null ? _barePatients : Own(groupId).Patients).Add(PatientReference.Relative(reference, fhirBase));

    public void AddType(string type, string? groupId = null) =>
        (groupId is null ? _bareTypes : Own(groupId).Types).Add(type);

    /// <summary>Adds one object of the pipeline.</summary>
    /// <exception cref="ExportException">It is nothing that a request can be made of.</exception>
    public void Add(object? input)
    {
        object? plain = Plain.Of(input);
        if (plain is string text)
        {
            AddText(text);
            return;
        }

        if (plain is null or ValueType)
        {
            throw Unknown(input);
        }

        AddRow(new PropertyBag(input!), input!);
    }

    /// <summary>The cohorts, in order of first appearance of their groups.</summary>
    /// <exception cref="ExportException">No group, or patients that could belong to several.</exception>
    public IReadOnlyList<Cohort> Cohorts()
    {
        if (_groups.Values.Count == 0)
        {
            throw new ExportException(ExportErrorKind.MissingGroup, "No group was named. Give its id with -GroupId, or pipe objects that have a GroupId.") { Subject = "GroupId" };
        }

        if (_groups.Values.Count > 1 && _barePatients.Values.Count > 0)
        {
            throw new ExportException(
                ExportErrorKind.AmbiguousPatientGroup,
                $"{_barePatients.Values.Count} patients name no group, and there are {_groups.Values.Count} groups. Give each patient a GroupId, or run one group at a time. Nothing was sent.")
            {
                Subject = _groups.Values.ToArray(),
            };
        }

        return [.. _groups.Values.Select(ToCohort)];
    }

    private Cohort ToCohort(string groupId)
    {
        (Distinct patients, Distinct types) = Own(groupId);
        return new Cohort(
            groupId,
            [.. _barePatients.Values.Union(patients.Values)],
            [.. _bareTypes.Values.Union(types.Values)]);
    }

    private void AddText(string text)
    {
        if (ResourceTypes.Find(text) is { } type)
        {
            AddType(type);
        }
        else if (PatientReference.IsReference(text))
        {
            AddPatient(text);
        }
        else
        {
            throw Unknown(text);
        }
    }

    private void AddRow(PropertyBag row, object input)
    {
        string? groupId = row.TryGet("GroupId", out object? given) && given is not null ? Group(given.ToString()) : null;
        bool found = groupId is not null;
        if (row.Text("resourceType") is { } resourceType)
        {
            AddPatient(PatientInput.OfResource(resourceType, row), groupId);
            found = true;
        }
        else
        {
            found |= AddPatients(row, groupId);
            found |= AddTypes(row, groupId);
        }

        if (!found)
        {
            throw Unknown(input);
        }

        if (groupId is not null)
        {
            AddGroup(groupId);
        }
    }

    private string Group(string? typed)
    {
        string groupId = GroupInput.Read(typed);
        return GivenGroups.Count == 0 || GivenGroups.Contains(groupId) ? groupId : throw new ExportException(
            ExportErrorKind.GroupConflict,
            $"A piped object belongs to group {groupId}, but -GroupId says {string.Join(", ", GivenGroups)}. Leave one of the two out. Nothing was sent.")
        {
            Subject = groupId,
        };
    }

    private bool AddPatients(PropertyBag row, string? groupId)
    {
        bool named = false;
        foreach (string name in (string[])["Patient", "PatientId"])
        {
            if (!row.TryGet(name, out object? value))
            {
                continue;
            }

            object?[] patients = [.. PropertyBag.Items(value)];
            if (patients.Length == 0)
            {
                throw PatientInput.Empty();
            }

            foreach (object? patient in patients)
            {
                AddPatient(PatientInput.Read(patient), groupId);
            }

            named = true;
        }

        return named;
    }

    private bool AddTypes(PropertyBag row, string? groupId)
    {
        if (TypesAreGiven)
        {
            return row.Has("Type");
        }

        // An empty cell asks for nothing; a row of nothing else is an error.
        string[] types = [.. row.Texts("Type").Where(type => !string.IsNullOrWhiteSpace(type))];
        foreach (string type in types)
        {
            AddType(TypeInput.Read(type), groupId);
        }

        return types.Length > 0;
    }

    private (Distinct Patients, Distinct Types) Own(string groupId)
    {
        if (!_own.TryGetValue(groupId, out (Distinct Patients, Distinct Types) own))
        {
            own = (new Distinct(), new Distinct());
            _own.Add(groupId, own);
        }

        return own;
    }

    private static ExportException Unknown(object? input)
    {
        string what = input switch
        {
            null or "" => "Nothing",
            string text when ResourceTypes.Nearest(text) is { Count: > 0 } near => $"'{PatientReference.Mask(text)}' (did you mean {near[0]}?)",
            string => "A text",
            _ => $"An object of type {Plain.Of(input).GetType().Name}",
        };
        return new ExportException(
            ExportErrorKind.UnknownInput,
            $"{what} was piped that is neither a patient nor a resource type. Write a patient as Patient/<id> and a type by its R4 name; rows have the columns Patient (or PatientId), Type or GroupId. Nothing was sent.");
    }

    /// <summary>Values in the order they came, each once.</summary>
    private sealed class Distinct
    {
        private readonly HashSet<string> _seen = [];

        public List<string> Values { get; } = [];

        public void Add(string value)
        {
            if (_seen.Add(value))
            {
                Values.Add(value);
            }
        }
    }
}

/// <summary>What one kick-off is about.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Patients">References that restrict it; empty means the whole group.</param>
/// <param name="Types">Resource types; empty means all.</param>
internal sealed record Cohort(string GroupId, IReadOnlyList<string> Patients, IReadOnlyList<string> Types);
