using System.Reflection;

namespace GroupExport.ModuleTests.Engine;

/// <summary>Where the build put things.</summary>
internal static class BuildFacts
{
    /// <summary>The manifest of the staged module.</summary>
    public static string StagedModule => Get("StagedModule");

    /// <summary>The assembly with the cmdlets, as it was compiled.</summary>
    public static string CompiledCmdlets => Get("CompiledCmdlets");

    /// <summary>The assemblies that the cmdlets were compiled against.</summary>
    public static string[] CmdletReferences => File.ReadAllLines(Get("CmdletReferences"));

    /// <summary>Assemblies of Microsoft.Extensions that are older than those the module ships.</summary>
    public static string[] ForeignExtensions => Get("ForeignExtensions").Split(';');

    /// <summary>The PowerShell that fresh processes run, a program of <c>dotnet</c>.</summary>
    public static string PowerShell => Path.Combine(Get("PowerShellHome"), OperatingSystem.IsWindows() ? "win" : "unix", "pwsh.dll");

    /// <summary>Debug or Release.</summary>
    public static string Configuration => Get("Configuration");

    public static string RepositoryRoot => Get("RepositoryRoot");

    private static string Get(string key) =>
        typeof(BuildFacts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == key).Value!;
}
