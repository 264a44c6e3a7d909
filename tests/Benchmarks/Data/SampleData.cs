using System.IO.Compression;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GroupExport.Benchmarks.Saving;

namespace GroupExport.Benchmarks.Data;

/// <summary>The resources of one type: whole lines.</summary>
internal sealed record SampleType(string Type, byte[] Lines, int Count);

/// <summary>One small export that bigger ones are made of by repeating it: real data beside the repository if it is there, else made up by the practice server.</summary>
internal static class SampleData
{
    public static SampleType[] Load(WorkFolder work, BenchmarkOptions options)
    {
        string shared = Measurement.BuildFact("SharedData");
        string folder = Directory.Exists(shared) && !options.MadeUp ? shared : MakeUp(work.NextRun());
        return
        [
            .. Directory.EnumerateFiles(folder, "*.ndjson*")
                .GroupBy(path => Path.GetFileName(path).Split('.')[0])
                .OrderBy(files => files.Key, StringComparer.Ordinal)
                .Select(files => Read(files.Key, files.Order(StringComparer.Ordinal))),
        ];
    }

    private static SampleType Read(string type, IEnumerable<string> paths)
    {
        using MemoryStream lines = new();
        foreach (string path in paths)
        {
            using FileStream file = File.OpenRead(path);
            using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            content.CopyTo(lines);
        }

        byte[] bytes = lines.ToArray();
        return new SampleType(type, bytes, bytes.AsSpan().Count((byte)'\n'));
    }

    private static string MakeUp(string folder)
    {
        using Runspace runspace = ModuleSession.OpenRunspace();
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddScript("""
            param($folder)
            $sandbox = Start-ExportSandbox -PatientCount 1000
            $null = $sandbox | Connect-GroupExport
            $null = New-GroupExport $sandbox.GroupId | Save-ExportFiles -Path $folder
            $sandbox | Stop-ExportSandbox
            """).AddArgument(folder).Invoke();
        return shell.HadErrors ? throw new InvalidOperationException(shell.Streams.Error[0].ToString()) : folder;
    }
}
