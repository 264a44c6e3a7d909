namespace GroupExport.Sandbox;

/// <summary>
/// How the sandbox answers requests for files at the URLs of the manifest. Redirects lead to the second origin when there is one
/// (<see cref="SandboxOptions.SeparateFileOrigin"/>), else to another path of the same origin.
/// </summary>
public enum FileRedirect
{
    /// <summary>With the file.</summary>
    None,

    /// <summary>With <c>302 Found</c>.</summary>
    Found302,

    /// <summary>With <c>307 Temporary Redirect</c>.</summary>
    Temporary307,

    /// <summary>With <c>307 Temporary Redirect</c> to the second origin, which is opened for it.</summary>
    SecondOrigin307,
}
