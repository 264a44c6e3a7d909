using System.Management.Automation;

namespace GroupExport.Commands;

/// <summary>Starts the practice server.</summary>
[Cmdlet(VerbsLifecycle.Start, "ExportSandbox")]
public sealed class StartExportSandboxCommand : PSCmdlet;
