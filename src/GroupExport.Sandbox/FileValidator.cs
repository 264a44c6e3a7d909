namespace GroupExport.Sandbox;

/// <summary>Which <c>ETag</c> files have (RFC 9110, 8.8.3). Only a strong one lets a client go on where it was cut off.</summary>
public enum FileValidator
{
    /// <summary>A strong one.</summary>
    Strong,

    /// <summary>A weak one.</summary>
    Weak,

    /// <summary>None.</summary>
    None,
}
