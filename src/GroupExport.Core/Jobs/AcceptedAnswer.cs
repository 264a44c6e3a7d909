using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>Reads the answer with which a server does what was asked: whatever is wrong with its body, and whoever interrupts, that must not be lost.</summary>
internal static class AcceptedAnswer
{
    /// <summary>The longest time for the body; the words in it are not worth more.</summary>
    private static readonly TimeSpan s_maxBodyTime = TimeSpan.FromSeconds(5);

    /// <summary>Returns the answer, without words when its body is not there in time.</summary>
    public static async Task<ServerAnswer> ReadAsync(HttpResponseMessage response, Func<string, string> mask, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_maxBodyTime);
        try
        {
            return await ServerAnswer.ReadAsync(response, mask, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            return ServerAnswer.Of(response, body: null, mask);
        }
    }
}
