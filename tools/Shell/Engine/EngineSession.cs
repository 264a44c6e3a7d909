using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GroupExport.Shell.Hosting;
using Microsoft.PowerShell;

namespace GroupExport.Shell.Engine;

/// <summary>One runspace with the host, in which one script or text runs with its output through Out-Default.</summary>
internal sealed class EngineSession : IDisposable
{
    private readonly ShellHost _host;
    private readonly Runspace _runspace;

    private EngineSession(ShellHost host, Runspace runspace)
    {
        _host = host;
        _runspace = runspace;
    }

    public static EngineSession Open(ShellHost host)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            // What pwsh ships with; without its configuration file the engine would refuse every script.
            state.ExecutionPolicy = ExecutionPolicy.RemoteSigned;
        }

        Runspace runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        StagedModules.PutInFront();
        return new EngineSession(host, runspace);
    }

    /// <returns>The exit code of the process.</returns>
    public int Run(CommandLine commandLine, CancellationToken stopping)
    {
        if (commandLine.ScriptPath is not null && !File.Exists(commandLine.ScriptPath))
        {
            _host.UI.WriteErrorLine($"The script '{commandLine.ScriptPath}' does not exist.");
            return ExitCodes.Failure;
        }

        try
        {
            Invoke(CommandOf(commandLine), stopping);
        }
        catch (PipelineStoppedException) when (stopping.IsCancellationRequested)
        {
            return ExitCodes.Stopped;
        }
        catch (RuntimeException exception)
        {
            Report(exception.ErrorRecord);
            return _host.ExitCode ?? ExitCodes.Failure;
        }

        if (stopping.IsCancellationRequested)
        {
            return ExitCodes.Stopped;
        }

        if (_host.ExitCode is int exitCode)
        {
            return exitCode;
        }

        return commandLine.ScriptPath is not null ? ExitCodeOfScript()
            : LastCallSucceeded() ? ExitCodes.Success
            : ExitCodes.Failure;
    }

    public void Dispose() => _runspace.Dispose();

    private static Command CommandOf(CommandLine commandLine)
    {
        if (commandLine.ScriptPath is null)
        {
            return new Command(commandLine.Text, isScript: true, useLocalScope: false);
        }

        Command command = new(commandLine.ScriptPath, isScript: false, useLocalScope: false);
        foreach (CommandParameter argument in commandLine.Arguments)
        {
            command.Parameters.Add(argument);
        }

        return command;
    }

    private void Invoke(Command command, CancellationToken stopping)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.Commands.AddCommand(command).AddCommand(OutDefault());
        using CancellationTokenRegistration stop = stopping.Register(() => shell.BeginStop(null, null));
        if (!stopping.IsCancellationRequested)
        {
            shell.Invoke();
        }
    }

    private static Command OutDefault()
    {
        Command command = new("Out-Default");
        command.MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Output | PipelineResultTypes.Error;
        return command;
    }

    /// <summary>Shows the error that ended the script as any other: through the format views, to stderr.</summary>
    private void Report(ErrorRecord error)
    {
        PSObject shown = new(error);
        // How the engine itself tells Out-Default what is an error.
        shown.Properties.Add(new PSNoteProperty("writeErrorStream", true));
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddCommand("Out-Default").Invoke(new[] { shown });
    }

    /// <summary>
    /// The number that a script file gave to <c>exit</c>: the engine tells the host of an exit in a text only, and marks the
    /// call of the script as failed. A native command that fails within the script leaves a number too, but no mark.
    /// </summary>
    private int ExitCodeOfScript() =>
        LastCallSucceeded() || Evaluate("$global:LASTEXITCODE") is not int exitCode ? ExitCodes.Success : exitCode;

    private bool LastCallSucceeded() => Evaluate("$global:?") is true;

    private object? Evaluate(string expression)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        return shell.AddScript(expression, useLocalScope: false).Invoke().SingleOrDefault()?.BaseObject;
    }
}
