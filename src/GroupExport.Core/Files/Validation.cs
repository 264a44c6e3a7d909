namespace GroupExport.Files;

/// <summary>How closely a file is looked at while it is saved.</summary>
public enum Validation
{
    /// <summary>Its bytes are stored and hashed as they come.</summary>
    None,

    /// <summary>Its lines are counted too and compared with the manifest.</summary>
    Count,

    /// <summary>Each line is checked besides: that it is one JSON object (RFC 8259) of the resource type that the manifest states.</summary>
    Full,
}
