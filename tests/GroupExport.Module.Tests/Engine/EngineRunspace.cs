using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace GroupExport.ModuleTests.Engine;

/// <summary>A runspace of the real engine with the staged module imported.</summary>
public sealed class EngineRunspace : IDisposable
{
    private readonly Runspace _runspace;

    public EngineRunspace(PSHost? host = null)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([BuildFacts.StagedModule]);
        _runspace = host is null ? RunspaceFactory.CreateRunspace(state) : RunspaceFactory.CreateRunspace(host, state);
        _runspace.Open();

        // The status is asked once more before a folder is complete: no test needs to wait a second for it.
        _runspace.SessionStateProxy.SetVariable("PSDefaultParameterValues", new DefaultParameterDictionary { ["Save-ExportFiles:MinPollInterval"] = 0.05 });
    }

    /// <summary>Runs a script to its end.</summary>
    public EngineRun Run(string script, params (string Name, object? Value)[] variables)
    {
        using PowerShell shell = Prepare(script, variables);
        ErrorRecord? terminating = null;
        List<PSObject> output = [];
        try
        {
            shell.Invoke(input: null, output);
        }
        catch (RuntimeException fault)
        {
            terminating = fault.ErrorRecord;
        }

        return Result(shell, output, terminating);
    }

    /// <summary>A pipeline that a test runs and stops itself.</summary>
    public PowerShell Prepare(string script, params (string Name, object? Value)[] variables)
    {
        foreach ((string name, object? value) in variables)
        {
            _runspace.SessionStateProxy.SetVariable(name, value);
        }

        PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    public static EngineRun Result(PowerShell shell, IEnumerable<PSObject> output, ErrorRecord? terminating = null) => new(
        [.. output],
        [.. shell.Streams.Error],
        [.. shell.Streams.Warning.Select(record => record.Message)],
        [.. shell.Streams.Verbose.Select(record => record.Message)],
        [.. shell.Streams.Debug.Select(record => record.Message)],
        [.. shell.Streams.Information.Select(record => record.ToString())],
        [.. shell.Streams.Progress],
        terminating);

    public void Dispose() => _runspace.Dispose();
}
