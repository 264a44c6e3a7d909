namespace GroupExport.Jobs;

/// <summary>Specifies what the URL is that the answer of a kick-off names.</summary>
internal enum StatusPlace
{
    /// <summary>The answer names none.</summary>
    None,

    /// <summary>It is not a URL, or not one of http or https.</summary>
    Unusable,

    /// <summary>It is the URL of the kick-off itself: to poll it would start another export.</summary>
    Request,

    /// <summary>It is the version of a resource (<c>/_history/...</c>).</summary>
    Version,

    /// <summary>It is any other URL, which can be a status URL.</summary>
    StatusUrl,
}
