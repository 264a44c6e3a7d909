namespace GroupExport;

/// <summary>A failure of the engine that names its kind, so that a cmdlet can make the right error record of it.</summary>
/// <remarks>The message says what to do. It holds no token, no signed query and no patient reference.</remarks>
public sealed class ExportException : Exception
{
    /// <summary>Makes a failure.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">One or two sentences: what happened and what to do.</param>
    /// <param name="innerException">The cause, if any.</param>
    public ExportException(ExportErrorKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What went wrong.</summary>
    public ExportErrorKind Kind { get; }

    /// <summary>The thing it went wrong with (a job, a file, a URI, an input value), or null.</summary>
    public object? Subject { get; init; }

    /// <summary>The server's own words (the text of its OperationOutcome), patient references masked, or null.</summary>
    public string? ServerMessage { get; init; }

    /// <summary>The HTTP status code, when a server answered.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The request id that the server gave, for its support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>The correlation id that the server gave.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Gets the ids of the answer in the Redox dashboard, for Redox support; empty when there are none.</summary>
    public IReadOnlyList<string> RedoxLogIds { get; init; } = [];

    /// <summary>The headers of the answer that may be shown; empty when no server answered.</summary>
    internal IReadOnlyDictionary<string, string> AnswerHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the same may well succeed later, so that whoever can wait does.</summary>
    internal bool MayPass { get; init; }

    /// <summary>Gets a value indicating whether the token endpoint rejects the client itself (<c>invalid_client</c> or <c>unauthorized_client</c>, RFC 6749, 5.2).</summary>
    internal bool RejectsClient { get; init; }
}
