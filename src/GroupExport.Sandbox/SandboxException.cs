namespace GroupExport.Sandbox;

/// <summary>
/// The practice server cannot start: an option makes no sense, or the folder of <see cref="SandboxOptions.DataPath"/> cannot be used.
/// The message is a whole sentence that says what to change; it never quotes data.
/// </summary>
public sealed class SandboxException : Exception
{
    /// <summary>Creates the exception without a reason.</summary>
    public SandboxException()
        : base("The sandbox cannot start.")
    {
    }

    /// <summary>Creates the exception with the sentence that is shown to the user.</summary>
    /// <param name="message">What is wrong and what to change.</param>
    public SandboxException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the sentence that is shown to the user and its cause.</summary>
    /// <param name="message">What is wrong and what to change.</param>
    /// <param name="innerException">The failure underneath.</param>
    public SandboxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
