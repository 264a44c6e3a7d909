using System.Collections;
using System.Management.Automation;
using System.Reflection;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Errors;

/// <summary>The error ids of the staged module, as it was built.</summary>
internal sealed record ErrorTable(IReadOnlySet<string> Kinds, IReadOnlyDictionary<string, string> Categories)
{
    /// <summary>What the cmdlets write for a fault that the engine does not know; it has no kind.</summary>
    public const string Unexpected = "Unexpected";

    public static ErrorTable Read(EngineRunspace engine)
    {
        Exception failure = engine.Run("Connect-GroupExport").Error.Exception;
        Type kinds = failure.GetType().GetProperty("Kind")!.PropertyType;
        Type meanings = ((CmdletInfo)engine.Run("Get-Command Connect-GroupExport").Output.Single().BaseObject).ImplementingType.Assembly
            .GetType("GroupExport.Errors.ErrorMeanings", throwOnError: true)!;
        IDictionary table = (IDictionary)meanings.GetField("s_table", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        return new ErrorTable(
            Enum.GetNames(kinds).ToHashSet(),
            table.Keys.Cast<object>().ToDictionary(kind => $"{kind}", kind => $"{table[kind]!.GetType().GetProperty("Category")!.GetValue(table[kind])}"));
    }
}
