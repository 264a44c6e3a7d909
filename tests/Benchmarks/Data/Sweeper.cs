using System.Runtime.InteropServices;

namespace GroupExport.Benchmarks.Data;

/// <summary>The <c>sweep</c> verb: waits until standard input ends, as it does when the process at the other end is gone, and deletes a folder.</summary>
internal static class Sweeper
{
    public const string Verb = "sweep";

    private const int Tries = 60;

    public static void Run(string folder)
    {
        // Ctrl+C and a time limit go to all processes of a group, and this one is needed after them.
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using PosixSignalRegistration hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        Console.In.ReadToEnd();
        for (int left = Tries; Directory.Exists(folder) && left > 0; left--)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Somebody whose server is gone still writes, but not for long.
                Thread.Sleep(500);
            }
        }
    }
}
