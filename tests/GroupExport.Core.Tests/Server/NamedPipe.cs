using System.Diagnostics;

namespace GroupExport.Tests.Server;

/// <summary>Pipes in the file system, whose opening waits for the other end.</summary>
internal static class NamedPipe
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static void Make(string path)
    {
        using Process made = Process.Start("mkfifo", path);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    /// <summary>Runs what must not wait for a pipe; what waits all the same gets its other end, so that the test ends.</summary>
    public static T Run<T>(string pipe, Func<T> action)
    {
        Task<T> running = Task.Run(action);
        if (Task.WaitAny([running], s_limit) < 0)
        {
            using FileStream other = new(pipe, FileMode.Open, FileAccess.ReadWrite);
            Assert.Fail($"waits for the pipe {Path.GetFileName(pipe)}");
        }

        return running.GetAwaiter().GetResult();
    }
}
