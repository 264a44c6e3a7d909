using System.Collections.Concurrent;
using System.Management.Automation;

namespace GroupExport.Work;

/// <summary>
/// Runs asynchronous work beside the pipeline thread and brings its results back to it. Work that waits for the pipeline thread is released
/// by the same cancellation as all other work, so that whoever leaves early (Ctrl+C, <c>Select-Object -First</c>, <c>-ErrorAction Stop</c>)
/// can cancel it and wait for its end.
/// </summary>
internal sealed class CmdletWork : IDisposable
{
    private readonly BlockingCollection<Action> _posted = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _tasks = [];

    /// <summary>Starts work; its failures are for the body to post.</summary>
    public void Start(Func<CancellationToken, Task> body) => _tasks.Add(Task.Run(() => RunAsync(body)));

    /// <summary>Hands an action to the pipeline thread; what comes after the end is dropped.</summary>
    public void Post(Action action)
    {
        try
        {
            _posted.Add(action);
        }
        catch (InvalidOperationException)
        {
            // The cmdlet is gone.
        }
    }

    /// <summary>Hands an action to the pipeline thread and returns when it has been run there.</summary>
    /// <exception cref="OperationCanceledException">The pipeline was left before, so that nobody took it.</exception>
    public async Task PostAndWaitAsync(Action action)
    {
        TaskCompletionSource taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            action();
            taken.SetResult();
        });
        await taken.Task.WaitAsync(_stop.Token).ConfigureAwait(false);
    }

    /// <summary>On the pipeline thread: runs what has been posted so far.</summary>
    public void Drain() => Pump(() =>
    {
        while (_posted.TryTake(out Action? action))
        {
            action();
        }
    });

    /// <summary>On the pipeline thread: runs one piece of work to its end, which what follows needs.</summary>
    public void Await(Func<CancellationToken, Task> body) => Pump(() => Task.Run(() => body(_stop.Token), _stop.Token).GetAwaiter().GetResult());

    /// <summary>On the pipeline thread: runs what is posted until all work has ended.</summary>
    public void Complete() => Pump(() =>
    {
        _ = Task.WhenAll(_tasks).ContinueWith(_ => _posted.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        foreach (Action action in _posted.GetConsumingEnumerable(_stop.Token))
        {
            action();
        }
    });

    /// <summary>On any thread: makes the work end.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ended by itself in the same moment.
        }
    }

    public void Dispose()
    {
        CancelAndWait();
        _stop.Dispose();
    }

    private void Pump(Action pump)
    {
        bool finished = false;
        try
        {
            pump();
            finished = true;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
        finally
        {
            if (!finished)
            {
                CancelAndWait();
            }
        }
    }

    private void CancelAndWait()
    {
        _stop.Cancel();
        Task.WaitAll([.. _tasks]);
        _posted.CompleteAdding();
    }

    private async Task RunAsync(Func<CancellationToken, Task> body)
    {
        try
        {
            await body(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped: the pipeline thread says so in its own way.
        }
    }
}
