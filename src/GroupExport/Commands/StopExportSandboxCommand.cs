using System.Management.Automation;
using GroupExport.Sandbox;
using GroupExport.State;

namespace GroupExport.Commands;

/// <summary>Stops practice servers: those that are piped, or all of this process.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ExportSandbox", SupportsShouldProcess = true)]
public sealed class StopExportSandboxCommand : PSCmdlet
{
    /// <summary>The sandbox to stop.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public ExportSandbox? Sandbox { get; set; }

    /// <summary>Stops them.</summary>
    protected override void ProcessRecord()
    {
        foreach (ExportSandbox sandbox in Sandbox is null ? RunningSandboxes.All : [Sandbox])
        {
            if (ShouldProcess(sandbox.BaseUri.AbsoluteUri, "Stop the practice server"))
            {
                sandbox.Dispose();
                RunningSandboxes.Remove(sandbox);
            }
        }
    }
}
