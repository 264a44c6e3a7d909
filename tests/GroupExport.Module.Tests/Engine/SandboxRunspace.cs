using System.Collections;
using System.Management.Automation;

namespace GroupExport.ModuleTests.Engine;

/// <summary>A runspace that is connected to a sandbox of its own, and a folder of its own to save to.</summary>
public abstract class SandboxRunspace : IDisposable
{
    protected SandboxRunspace(string sandboxParameters = "-PatientCount 3 -ExportDuration 0.2 -RetryAfter 0")
    {
        Folder = Directory.CreateTempSubdirectory("group-export-test-").FullName;
        Run($"$sandbox = Start-ExportSandbox {sandboxParameters}; $null = $sandbox | Connect-GroupExport").AssertNoErrors();
        Run("$out = $args0", ("args0", Path.Combine(Folder, "out"))).AssertNoErrors();
    }

    protected EngineRunspace Engine { get; } = new();

    /// <summary>A folder that is removed at the end; <c>$out</c> in scripts is a folder below it that does not exist yet.</summary>
    protected string Folder { get; }

    protected string Out => Path.Combine(Folder, "out");

    /// <summary>What arrived at the sandbox but for token requests: verb and path.</summary>
    protected string[] Arrived => [.. Requests.Select(request => $"{request.Properties["Method"].Value} {request.Properties["Path"].Value}")];

    protected PSObject[] Requests =>
    [
        .. ((IEnumerable)Run("$sandbox").Value("Requests")!).Cast<object>().Select(PSObject.AsPSObject)
            .Where(request => !((string)request.Properties["Path"].Value).EndsWith("/auth/token", StringComparison.Ordinal)),
    ];

    public void Dispose()
    {
        Run("$sandbox | Stop-ExportSandbox");
        Engine.Dispose();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected EngineRun Run(string script, params (string Name, object? Value)[] variables) => Engine.Run(script, variables);
}
