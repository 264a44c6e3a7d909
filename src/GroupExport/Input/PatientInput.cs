using GroupExport.Fhir;

namespace GroupExport.Input;

/// <summary>Reads a patient that was named as one: by <c>-Patient</c>, or by a column or property of that name.</summary>
internal static class PatientInput
{
    /// <summary>The reference: <c>Patient/{id}</c>, or an absolute URL as it was given.</summary>
    /// <exception cref="ExportException">It is blank, or not a Patient.</exception>
    public static string Read(object? value)
    {
        PropertyBag? resource = value is null or string ? null : new PropertyBag(value);
        if (resource?.Text("resourceType") is { } type)
        {
            return OfResource(type, resource);
        }

        string text = value?.ToString() ?? "";
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Empty();
        }

        if (PatientReference.IsReference(text))
        {
            return text;
        }

        return PatientReference.IsId(text) && ResourceTypes.Find(text) is null ? $"Patient/{text}" : throw Invalid();
    }

    /// <summary>The reference to a Patient resource.</summary>
    /// <exception cref="ExportException">The resource is of another type, or has no id.</exception>
    public static string OfResource(string type, PropertyBag resource)
    {
        if (type != "Patient")
        {
            throw new ExportException(
                ExportErrorKind.UnknownInput,
                $"A resource of type {type} restricts nothing: only Patient resources can be piped. Pipe the patients, or name the group with -GroupId. Nothing was sent.")
            {
                Subject = type,
            };
        }

        return resource.Text("id") is { } id && PatientReference.IsId(id) ? $"Patient/{id}" : throw Invalid();
    }

    /// <summary>Nothing where a patient was to be.</summary>
    public static ExportException Empty() => new(
        ExportErrorKind.EmptyPatient,
        "A patient is empty. That never means the whole group: leave -Patient out for the whole group, or look why the value is missing. Nothing was sent.")
    {
        Subject = "Patient",
    };

    private static ExportException Invalid() => new(
        ExportErrorKind.InvalidPatient,
        "A patient is not written as one. Write Patient/<id>, its id alone, or an absolute URL that ends in Patient/<id>; several patients as an array. Nothing was sent.")
    {
        // Not the value: it may well be a patient's, and error records end up in logs.
        Subject = "Patient",
    };
}
