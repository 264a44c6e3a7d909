using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>
/// Hands out the files of a run. One that has to wait goes back and leaves its place to another, so that a bad file does not hold the others up, and
/// an origin that is back is noticed whichever file goes first.
/// </summary>
/// <typeparam name="T">A download.</typeparam>
/// <param name="items">The downloads, in order.</param>
/// <param name="clock">What waits are counted on.</param>
internal sealed class DownloadQueue<T>(IEnumerable<T> items, TimeProvider clock)
    where T : class
{
    private readonly object _gate = new();
    private readonly Queue<T> _new = new(items);
    private readonly PriorityQueue<T, DateTimeOffset> _later = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;

    /// <summary>Returns the next download, when there is one: the longest due first, then the next new one. Null when all are done.</summary>
    public async ValueTask<T?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan rest = Timeout.InfiniteTimeSpan;
            Task changed;
            lock (_gate)
            {
                if (_later.TryPeek(out _, out DateTimeOffset due) && (rest = due - clock.GetUtcNow()) <= TimeSpan.Zero)
                {
                    _underWay++;
                    return _later.Dequeue();
                }

                if (_new.TryDequeue(out T? next))
                {
                    _underWay++;
                    return next;
                }

                if (_later.Count == 0 && _underWay == 0)
                {
                    return null;
                }

                changed = _changed.Task;
            }

            await Backoff.WaitAsync(rest, changed, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a download back, to be handed out again when it is due.</summary>
    public void PutBack(T item, DateTimeOffset due)
    {
        lock (_gate)
        {
            _later.Enqueue(item, due);
            Leave();
        }
    }

    /// <summary>Takes down that a download is done.</summary>
    public void Done()
    {
        lock (_gate)
        {
            Leave();
        }
    }

    /// <summary>Empties the queue, and returns what still waited in it after a try.</summary>
    public IReadOnlyList<T> Clear()
    {
        lock (_gate)
        {
            T[] waiting = [.. _later.UnorderedItems.Select(item => item.Element)];
            _later.Clear();
            _new.Clear();
            return waiting;
        }
    }

    private void Leave()
    {
        _underWay--;
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }
}
