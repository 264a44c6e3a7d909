using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GroupExport.Benchmarks.Saving;

/// <summary>The staged module in an engine of this process, connected to a server.</summary>
internal sealed class ModuleSession : IDisposable
{
    public const int ThrottleLimit = 4;

    private readonly Runspace _runspace = OpenRunspace();
    private readonly Dictionary<string, ParameterMetadata> _parameters;

    public ModuleSession(Uri fhirBase)
    {
        Invoke(shell => shell.AddCommand("Connect-GroupExport").AddParameter("FhirBaseUri", fhirBase));
        CommandInfo save = (CommandInfo)Invoke(shell => shell.AddCommand("Get-Command").AddParameter("Name", "Save-ExportFiles"))[0].BaseObject;
        _parameters = save.Parameters;
    }

    public static Runspace OpenRunspace()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Measurement.BuildFact("StagedModule")]);
        Runspace runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        return runspace;
    }

    /// <summary>The modes that the module has; what it lacks is said on standard error.</summary>
    public SaveMode[] Supported(params SaveMode[] modes)
    {
        foreach (SaveMode mode in modes.Where(mode => !Supports(mode)))
        {
            Console.Error.WriteLine($"save-{mode.Name} is left out: this module has no -Validation {mode.Validation}{(mode.Compress ? " -Compress" : "")}.");
        }

        return [.. modes.Where(Supports)];
    }

    /// <summary>Saves an export to a new folder.</summary>
    /// <exception cref="InvalidOperationException">Not all files are saved.</exception>
    public void Save(Uri status, string folder, SaveMode mode, int files)
    {
        Collection<PSObject> saved = Invoke(shell => SaveCommand(shell, mode).AddParameter("Path", folder), status.AbsoluteUri);
        RequireAll(saved, files);
    }

    /// <summary>Goes on with what a folder holds.</summary>
    /// <exception cref="InvalidOperationException">Not all files are saved.</exception>
    public void Resume(string folder, SaveMode mode, int files)
    {
        Collection<PSObject> saved = Invoke(shell => SaveCommand(shell.AddCommand("Get-ExportReceipt").AddParameter("Path", folder), mode));
        RequireAll(saved, files);
    }

    /// <summary>The state of the receipt of a folder.</summary>
    public string StateOf(string folder) =>
        (string)Invoke(shell => shell.AddCommand("Get-ExportReceipt").AddParameter("Path", folder))[0].Properties["State"].Value;

    public void Dispose() => _runspace.Dispose();

    private bool Supports(SaveMode mode) =>
        Enum.GetNames(_parameters["Validation"].ParameterType).Contains(mode.Validation) && (!mode.Compress || _parameters.ContainsKey("Compress"));

    private static PowerShell SaveCommand(PowerShell shell, SaveMode mode)
    {
        shell.AddCommand("Save-ExportFiles").AddParameter("ThrottleLimit", ThrottleLimit).AddParameter("Validation", mode.Validation);
        return mode.Compress ? shell.AddParameter("Compress") : shell;
    }

    private Collection<PSObject> Invoke(Action<PowerShell> build, params object[] input)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        build(shell);
        Collection<PSObject> output = shell.Invoke(input);
        return shell.HadErrors ? throw new InvalidOperationException(shell.Streams.Error.FirstOrDefault()?.ToString() ?? "The command failed.") : output;
    }

    private static void RequireAll(Collection<PSObject> saved, int files)
    {
        int good = saved.Count(file => file.Properties["State"].Value is "Saved" or "AlreadySaved");
        if (good != files)
        {
            throw new InvalidOperationException($"{good} of {files} files were saved: a measurement of less says nothing.");
        }
    }
}
