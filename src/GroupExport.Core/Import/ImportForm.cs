namespace GroupExport.Import;

/// <summary>What becomes of a line.</summary>
public enum ImportForm
{
    /// <summary>An object with the properties of its JSON.</summary>
    Object,

    /// <summary>The line itself, as text.</summary>
    Json,

    /// <summary>A resource of the FHIR library.</summary>
    Fhir,
}
