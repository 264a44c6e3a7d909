namespace GroupExport.Connections;

/// <summary>How a kick-off is written.</summary>
public enum RequestStyle
{
    /// <summary>The Meta-wrapped JSON object of Redox's "FHIR Bulk Data Access group-export".</summary>
    Redox,

    /// <summary>GET with a query string (Bulk Data Access 1 to 3).</summary>
    FhirQuery,

    /// <summary>POST of a <c>Parameters</c> resource (Bulk Data Access 2 to 4; the only form of version 4).</summary>
    FhirParameters,
}
