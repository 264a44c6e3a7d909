namespace GroupExport.Http;

/// <summary>An answer that says "later": its status code is transient.</summary>
internal sealed class TransientFailure(ServerAnswer answer, TimeSpan? retryAfter) : Exception($"The server answered {answer}.")
{
    public ServerAnswer Answer { get; } = answer;

    /// <summary>The wait that the server asks for, or null.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
