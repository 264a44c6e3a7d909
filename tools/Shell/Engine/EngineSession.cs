using System.Management.Automation;
using System.Management.Automation.Language;
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
        if (TextOf(commandLine) is not string text)
        {
            return ExitCodes.Failure;
        }

        try
        {
            Invoke(text, stopping);
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

        return stopping.IsCancellationRequested ? ExitCodes.Stopped : _host.ExitCode ?? ExitCodes.Success;
    }

    public void Dispose() => _runspace.Dispose();

    /// <returns>Null, and an error is shown, when there is nothing that could run.</returns>
    private string? TextOf(CommandLine commandLine)
    {
        if (commandLine.ScriptPath is string path)
        {
            if (File.Exists(path))
            {
                return TopLevelScript.OfFile(path, commandLine.Arguments);
            }

            _host.UI.WriteErrorLine($"The script '{path}' does not exist.");
            return null;
        }

        ScriptBlockAst parsed = Parser.ParseInput(commandLine.Text, out _, out ParseError[] errors);
        foreach (ParseError error in errors)
        {
            _host.UI.WriteErrorLine($"ParserError: {error.Message}");
        }

        return errors.Length == 0 ? TopLevelScript.OfText(commandLine.Text!, parsed) : null;
    }

    private void Invoke(string text, CancellationToken stopping)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(text, useLocalScope: false);
        shell.Commands.AddCommand(OutDefault());
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
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddCommand("Out-Default");
        _host.DrawAsError(() => shell.Invoke(new[] { error }));
    }
}
