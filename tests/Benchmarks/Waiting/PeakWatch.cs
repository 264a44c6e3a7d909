using System.Diagnostics;

namespace GroupExport.Benchmarks.Waiting;

/// <summary>The most that this process had of threads and managed memory while it was watched.</summary>
internal sealed class PeakWatch : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private readonly Thread _watcher;

    public PeakWatch()
    {
        _watcher = new Thread(Watch);
        _watcher.Start();
    }

    public int Threads { get; private set; }

    /// <summary>In MB (10^6 bytes), what is not collected yet included.</summary>
    public double ManagedMB { get; private set; }

    /// <summary>Ends the watching. Calling it again does nothing.</summary>
    public void Dispose()
    {
        if (_watcher.IsAlive)
        {
            _end.Cancel();
            _watcher.Join();
            _end.Dispose();
        }
    }

    private void Watch()
    {
        using Process self = Process.GetCurrentProcess();
        do
        {
            self.Refresh();
            Threads = Math.Max(Threads, self.Threads.Count);
            ManagedMB = Math.Max(ManagedMB, GC.GetTotalMemory(forceFullCollection: false) / 1e6);
        }
        while (!_end.Token.WaitHandle.WaitOne(s_pause));
    }
}
