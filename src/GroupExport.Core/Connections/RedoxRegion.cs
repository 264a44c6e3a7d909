namespace GroupExport.Connections;

/// <summary>Where a Redox organization is hosted.</summary>
public enum RedoxRegion
{
    /// <summary><c>https://api.redoxengine.com</c></summary>
    US,

    /// <summary><c>https://api.ca.redoxengine.com</c></summary>
    Canada,
}
