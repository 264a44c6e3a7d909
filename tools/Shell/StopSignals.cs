using System.Runtime.InteropServices;

namespace GroupExport.Shell;

/// <summary>Ctrl+C and SIGTERM: the first one asks the script to stop, the second one ends the process the system's way.</summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>For code that cannot be interrupted, such as a long call into .NET.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly Timer _lastResort;
    private int _signals;

    public StopSignals()
    {
        _lastResort = new Timer(_ => Environment.Exit(ExitCodes.Stopped));
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    public CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _lastResort.Dispose();
        _stopping.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            return;
        }

        signal.Cancel = true;
        _lastResort.Change(s_grace, Timeout.InfiniteTimeSpan);
        _stopping.Cancel();
    }
}
