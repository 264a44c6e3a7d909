using System.Reflection;

namespace GroupExport.Shell.Engine;

/// <summary>The folder that the build stages the module to; in front, so that no installed version wins over it.</summary>
internal static class StagedModules
{
    private const string Variable = "PSModulePath";

    /// <summary>To be called when the runspace is open: opening it writes the variable.</summary>
    public static void PutInFront()
    {
        string folder = typeof(StagedModules).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(entry => entry.Key == "StagedModules").Value!;
        string? others = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(
            Variable, string.IsNullOrEmpty(others) ? folder : folder + Path.PathSeparator + others);
    }
}
