using GroupExport.Benchmarks.Data;
using GroupExport.Benchmarks.Saving;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Cold;

/// <summary>The <c>copy</c> verb: a process that copies the files of one export and does nothing else.</summary>
internal static class CopyProgram
{
    public const string Verb = "copy";

    /// <param name="args">The server's address, the folder that is served, the folder to copy to, and whether a SHA-256 is made of each file.</param>
    public static void Run(string[] args)
    {
        Uri origin = new(args[0]);
        ExportSet set = ExportSet.Read(args[1]);
        using BareCopy copy = new(flush: true, hash: bool.Parse(args[3]));
        copy.Run(file => new Uri(origin, ServedPaths.FilePath(set, ServedPaths.Identity, file)), set, args[2]);
    }
}
