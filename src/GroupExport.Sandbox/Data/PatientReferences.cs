using System.Diagnostics.CodeAnalysis;

namespace GroupExport.Sandbox.Data;

/// <summary>Reads the patient's id out of the forms in which servers write references.</summary>
internal static class PatientReferences
{
    private const string Segment = "Patient/";
    private const string Uuid = "urn:uuid:";

    /// <summary>Accepts <c>Patient/x</c>, <c>https://.../Patient/x</c> (each with a history version) and <c>urn:uuid:x</c>.</summary>
    /// <param name="reference">The reference as written.</param>
    /// <param name="id">The patient's id.</param>
    /// <param name="namesPatient">False for a <c>urn:uuid:</c>, which does not say what it points at.</param>
    public static bool TryGetId(string? reference, [NotNullWhen(true)] out string? id, out bool namesPatient)
    {
        id = null;
        namesPatient = false;
        if (reference is null)
        {
            return false;
        }

        if (reference.StartsWith(Uuid, StringComparison.Ordinal))
        {
            id = reference[Uuid.Length..];
            return id.Length > 0;
        }

        var start = reference.StartsWith(Segment, StringComparison.Ordinal) ? 0 : reference.LastIndexOf("/" + Segment, StringComparison.Ordinal) + 1;
        if (start == 0 && !reference.StartsWith(Segment, StringComparison.Ordinal))
        {
            return false;
        }

        var tail = reference[(start + Segment.Length)..];
        var end = tail.IndexOf('/', StringComparison.Ordinal);
        id = end < 0 ? tail : tail[..end];
        namesPatient = true;
        return id.Length > 0;
    }
}
