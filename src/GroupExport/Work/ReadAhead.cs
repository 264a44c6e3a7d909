namespace GroupExport.Work;

/// <summary>Reads the next stretch beside the pipeline thread while that works with the one before.</summary>
/// <typeparam name="T">What a stretch is.</typeparam>
internal sealed class ReadAhead<T> : IDisposable
    where T : class
{
    private readonly CmdletWork _work;
    private readonly Func<CancellationToken, Task<T?>> _read;
    private readonly CancellationTokenSource _leave = new();
    private Task<T?> _next;

    /// <param name="work">The work of the cmdlet, which Ctrl+C ends.</param>
    /// <param name="read">Reads one stretch; null at the end.</param>
    public ReadAhead(CmdletWork work, Func<CancellationToken, Task<T?>> read)
    {
        _work = work;
        _read = read;
        _next = Begin();
    }

    /// <summary>On the pipeline thread: the next stretch; null at the end.</summary>
    /// <exception cref="ExportException">Reading has failed.</exception>
    public T? Next()
    {
        T? read = null;
        ExportException? failure = null;
        _work.Await(async token =>
        {
            try
            {
                read = await _next.WaitAsync(token).ConfigureAwait(false);
            }
            catch (ExportException fault)
            {
                // Not through the pump, which would take it for the end of the cmdlet.
                failure = fault;
            }
        });
        if (failure is not null)
        {
            throw failure;
        }

        if (read is not null)
        {
            _next = Begin();
        }

        return read;
    }

    /// <summary>Returns when nothing is read any more.</summary>
    public void Dispose()
    {
        _leave.Cancel();
        ((IAsyncResult)_next).AsyncWaitHandle.WaitOne();
        _leave.Dispose();
    }

    private Task<T?> Begin() => Task.Run(() => _read(_leave.Token));
}
