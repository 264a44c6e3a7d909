using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GroupExport.Benchmarks;

/// <summary>Patients piped into New-GroupExport and on to a server: ten times the patients should cost ten times the time and memory.</summary>
internal static class PipelineBenchmark
{
    private const int Few = 10_000;
    private const int Many = 100_000;

    public static void Run()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Measurement.BuildFact("StagedModule")]);
        using Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();

        // Nobody is a member of an empty group: the sandbox reads all patients and refuses, which is all that is needed here.
        Invoke(runspace, "$sandbox = Start-ExportSandbox -PatientCount 0; $null = $sandbox | Connect-GroupExport");
        Pipe(runspace, Few);
        (double fewSeconds, double fewMegabytes) = Pipe(runspace, Few);
        (double manySeconds, double manyMegabytes) = Pipe(runspace, Many);
        Invoke(runspace, "$sandbox | Stop-ExportSandbox");
        Measurement.Write(
            "pipeline-100000-patients",
            ("seconds", manySeconds),
            ("allocatedMB", manyMegabytes),
            ("timeRatioTo10000", manySeconds / fewSeconds),
            ("memoryRatioTo10000", manyMegabytes / fewMegabytes));
    }

    private static (double Seconds, double Megabytes) Pipe(Runspace runspace, int patients)
    {
        runspace.SessionStateProxy.SetVariable("patients", Enumerable.Range(0, patients).Select(number => $"Patient/p-{number}").ToArray());
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long started = Stopwatch.GetTimestamp();
        Invoke(runspace, "$patients | New-GroupExport $sandbox.GroupId -ErrorAction Ignore");
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1e6);
    }

    private static void Invoke(Runspace runspace, string script)
    {
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddScript(script).Invoke();
    }
}
