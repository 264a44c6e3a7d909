namespace GroupExport.Connections;

/// <summary>What a server says it runs (FHIR R4, CapabilityStatement.software and fhirVersion); null where it says nothing, or was not asked.</summary>
internal sealed record ServerSoftware(string? Name, string? Version, string? ReleaseDate, string? FhirVersion)
{
    public static ServerSoftware Unknown { get; } = new(null, null, null, null);
}
