using System.Diagnostics;
using System.Text.Json;

namespace GroupExport.Benchmarks.Saving;

/// <summary>What a client process tells at its end.</summary>
internal sealed record ClientReport(double PeakMB, double Seconds);

/// <summary>The <c>client</c> verb: connects, saves one export and prints the peak of its memory. A folder that has a receipt is gone on with.</summary>
internal static class ClientProgram
{
    public const string Verb = "client";

    /// <summary>Printed when all is loaded and saving begins.</summary>
    public const string Begins = "saving";

    public static void Run(string[] args)
    {
        Uri fhirBase = new(args[0]);
        Uri status = new(args[1]);
        string folder = args[2];
        SaveMode mode = JsonSerializer.Deserialize<SaveMode>(args[3])!;
        int files = int.Parse(args[4], System.Globalization.CultureInfo.InvariantCulture);
        using ModuleSession session = new(fhirBase);
        Console.WriteLine(Begins);
        long started = Stopwatch.GetTimestamp();
        if (File.Exists(Path.Combine(folder, "export.json")))
        {
            session.Resume(folder, mode, files);
        }
        else
        {
            session.Save(status, folder, mode, files);
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new ClientReport(self.PeakWorkingSet64 / 1e6, seconds)));
    }
}
