using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using GroupExport.Disk;

namespace GroupExport.Files;

/// <summary>
/// Takes files that were fetched and makes them last before they count as verified: data flushed, named, folder flushed, and only then
/// written to the journal, which is flushed too. What comes while a group is on its way makes up the next one, so that flushing keeps pace with
/// fetching whatever the disk.
/// </summary>
internal sealed class VerifiedFiles : IAsyncDisposable
{
    /// <summary>How many files may wait: each is an open file.</summary>
    private const int MostWaiting = 64;

    private readonly ExportFolder _folder;
    private readonly Action<FetchedFile> _onVerified;
    private readonly int _parallel;
    private readonly Channel<FetchedFile> _fetched = Channel.CreateBounded<FetchedFile>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Task _verifying;

    public VerifiedFiles(ExportFolder folder, int parallel, Action<FetchedFile> onVerified)
    {
        _folder = folder;
        _parallel = parallel;
        _onVerified = onVerified;
        _verifying = Task.Run(VerifyAsync);
    }

    /// <summary>Hands a file over. It is verified later, also when the run is interrupted.</summary>
    /// <exception cref="ExportException">The disk has failed.</exception>
    public async ValueTask AddAsync(FetchedFile file)
    {
        try
        {
            await _fetched.Writer.WriteAsync(file).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is ExportException failure)
        {
            file.Part.Dispose();
            throw failure;
        }
    }

    /// <summary>Returns when all that was handed over is verified.</summary>
    /// <exception cref="ExportException">The disk failed.</exception>
    public async Task CompleteAsync()
    {
        _fetched.Writer.TryComplete();
        await _verifying.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _fetched.Writer.TryComplete();
        await _verifying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task VerifyAsync()
    {
        List<FetchedFile> group = [];
        try
        {
            while (await _fetched.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                group.Clear();
                while (_fetched.Reader.TryRead(out FetchedFile? file))
                {
                    group.Add(file);
                }

                Verify(group);
                group.ForEach(_onVerified);
            }
        }
        catch (Exception fault)
        {
            // Who still hands files over must hear of it.
            _fetched.Writer.TryComplete(fault);
            while (_fetched.Reader.TryRead(out FetchedFile? file))
            {
                group.Add(file);
            }

            group.ForEach(file => file.Part.Dispose());
            throw;
        }
    }

    private void Verify(List<FetchedFile> group)
    {
        try
        {
            if (group is [{ } only])
            {
                MakeLast(only);
            }
            else
            {
                Parallel.ForEach(group, new ParallelOptions { MaxDegreeOfParallelism = _parallel }, MakeLast);
            }
        }
        catch (AggregateException several)
        {
            // Whatever failed, failed at the same disk: the first fault stands for all.
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }

        foreach (string changed in group.Select(file => Path.GetDirectoryName(file.Path)!).Append(_folder.FullPath).Distinct())
        {
            DurableFolder.Flush(changed);
        }

        _folder.Record([.. group.Select(file => file.Entry)]);
    }

    private static void MakeLast(FetchedFile file)
    {
        file.Part.Flush();
        file.Settle();
    }
}
