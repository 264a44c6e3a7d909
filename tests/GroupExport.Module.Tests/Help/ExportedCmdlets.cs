using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Help;

/// <summary>What the staged module exports.</summary>
internal static class ExportedCmdlets
{
    private static readonly Lazy<string[]> s_names = new(Read);

    public static string[] Names => s_names.Value;

    private static string[] Read()
    {
        using EngineRunspace engine = new();
        return [.. engine.Run("(Get-Command -Module GroupExport -CommandType Cmdlet).Name").AssertNoErrors().Output.Select(name => name.ToString())];
    }
}
