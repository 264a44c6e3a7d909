using System.Management.Automation;
using GroupExport.Sandbox;
using GroupExport.State;

namespace GroupExport.Commands;

/// <summary>Stops practice servers: those that are piped, or all of this runspace. Nothing piped stops nothing.</summary>
[Cmdlet(VerbsLifecycle.Stop, "ExportSandbox", SupportsShouldProcess = true)]
public sealed class StopExportSandboxCommand : PSCmdlet
{
    /// <summary>The sandbox to stop.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public ExportSandbox? Sandbox { get; set; }

    /// <summary>Stops them.</summary>
    protected override void ProcessRecord()
    {
        bool named = MyInvocation.ExpectingInput || MyInvocation.BoundParameters.ContainsKey(nameof(Sandbox));
        foreach (ExportSandbox sandbox in named ? Named() : RunningSandboxes.OfThisRunspace)
        {
            if (ShouldProcess(sandbox.BaseUri.AbsoluteUri, "Stop the practice server"))
            {
                sandbox.Dispose();
                RunningSandboxes.Remove(sandbox);
            }
        }
    }

    private IReadOnlyList<ExportSandbox> Named() => Sandbox is null ? [] : [Sandbox];
}
