using GroupExport.Jobs;

namespace GroupExport.Files;

/// <summary>
/// Where the files of an export are now. Links expire (about five minutes is normal where they are the credential themselves), so the manifest
/// is asked for again when one no longer works: once for all files that wait for it.
/// </summary>
internal sealed class FreshLinks(ExportStatus status, Func<CancellationToken, Task<ExportStatus>> askAgain)
{
    /// <summary>How often links may be renewed in a row without one of them working, over all files: beyond it they are not what is wrong.</summary>
    private const int MostInVain = 12;

    private readonly object _gate = new();
    private LinkList _links = new(status.Files, status.Files);
    private int _generation;
    private int _inVain;
    private Task? _asking;
    private ExportException? _ended;

    /// <summary>The newest link of a file, and its generation.</summary>
    public (ExportFile File, int Generation) Of(ExportFile file)
    {
        lock (_gate)
        {
            return (_links.Find(file) ?? file, _generation);
        }
    }

    /// <summary>Makes sure that there are links newer than those of a generation; false when there is no point in it.</summary>
    /// <exception cref="ExportException">The manifest cannot be had any more.</exception>
    public async Task<bool> RenewAsync(int generation, CancellationToken cancellationToken)
    {
        Task asking;
        lock (_gate)
        {
            if (generation < _generation)
            {
                return true;
            }

            if (_ended is not null)
            {
                throw _ended;
            }

            if (_inVain >= MostInVain)
            {
                return false;
            }

            // Whoever asks, asks for all: nobody's own cancellation ends it, the run's does.
            asking = _asking ??= AskAsync(cancellationToken);
        }

        await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>A renewed link worked.</summary>
    public void Worked()
    {
        lock (_gate)
        {
            _inVain = 0;
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            ExportStatus fresh = await askAgain(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _links = new LinkList(fresh.Files, status.Files);
                _generation++;
                _inVain++;
            }
        }
        catch (ExportException gone) when (gone.Kind is ExportErrorKind.StatusUnavailable or ExportErrorKind.WaitTimeout or ExportErrorKind.JobNotFound or ExportErrorKind.ExportFailed)
        {
            // The wait for a server that stays away is paid once, not by every file in turn.
            lock (_gate)
            {
                _ended = gone;
            }

            throw;
        }
        finally
        {
            lock (_gate)
            {
                _asking = null;
            }
        }
    }
}
