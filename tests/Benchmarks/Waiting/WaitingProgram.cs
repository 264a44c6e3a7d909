using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json;
using GroupExport.Benchmarks.Saving;
using GroupExport.Benchmarks.Serving;

namespace GroupExport.Benchmarks.Waiting;

/// <summary>What a waiting process tells at its end.</summary>
internal sealed record WaitingReport(double PeakMB, double ManagedMB, int Threads, double CpuSeconds, double Seconds);

/// <summary>The <c>wait</c> verb: waits for many jobs with one <c>Get-ExportStatus -Wait</c> and prints what that took.</summary>
internal static class WaitingProgram
{
    public const string Verb = "wait";

    public static WaitingReport Start(ServerProcess server, int jobs, int requests)
    {
        string[] args = [Verb, server.FhirBase.AbsoluteUri, jobs.ToString(CultureInfo.InvariantCulture), requests.ToString(CultureInfo.InvariantCulture)];
        using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, args) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<WaitingReport>(output.Trim().Split('\n')[^1])!
            : throw new InvalidOperationException("The waiting process did not see the end of all jobs.");
    }

    public static void Run(string[] args)
    {
        Uri fhirBase = new(args[0]);
        int jobs = int.Parse(args[1], CultureInfo.InvariantCulture);
        int requests = int.Parse(args[2], CultureInfo.InvariantCulture);
        using Runspace runspace = ModuleSession.OpenRunspace();
        using PowerShell connect = PowerShell.Create(runspace).AddCommand("Connect-GroupExport").AddParameter("FhirBaseUri", fhirBase);
        connect.Invoke();
        using Process self = Process.GetCurrentProcess();
        TimeSpan cpu = self.TotalProcessorTime;
        long started = Stopwatch.GetTimestamp();
        using PeakWatch watch = new();
        using PowerShell wait = PowerShell.Create(runspace).AddCommand("Get-ExportStatus").AddParameter("Wait");
        Collection<PSObject> output = wait.Invoke(Enumerable.Range(1, jobs).Select(number => new Uri(fhirBase, WaitingJobs.PathOf(requests, number) + $"-of-{jobs}").AbsoluteUri));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        watch.Dispose();
        int done = output.Count(status => status.Properties["State"].Value is "Complete");
        if (done != jobs)
        {
            throw new InvalidOperationException($"{done} of {jobs} jobs are over: a measurement of less says nothing. {wait.Streams.Error.FirstOrDefault()}");
        }

        self.Refresh();
        Console.WriteLine(JsonSerializer.Serialize(new WaitingReport(self.PeakWorkingSet64 / 1e6, watch.ManagedMB, watch.Threads, (self.TotalProcessorTime - cpu).TotalSeconds, seconds)));
    }
}
