using System.Collections;
using System.Management.Automation;
using System.Reflection;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>Every kind of failure has a category and an action.</summary>
public sealed class ErrorTableTests : IDisposable
{
    private readonly EngineRunspace _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Every_kind_of_failure_has_a_row_and_no_row_is_left_over()
    {
        Exception failure = _engine.Run("New-GroupExport g").Error.Exception;
        Type kinds = failure.GetType().GetProperty("Kind")!.PropertyType;
        Type meanings = ((CmdletInfo)_engine.Run("Get-Command New-GroupExport").Output.Single().BaseObject).ImplementingType.Assembly
            .GetType("GroupExport.Errors.ErrorMeanings", throwOnError: true)!;
        IDictionary table = (IDictionary)meanings.GetField("s_table", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;

        Assert.Equal(Enum.GetNames(kinds).Order(), table.Keys.Cast<object>().Select(kind => kind.ToString()!).Order());
        Assert.All(table.Values.Cast<object>(), meaning => Assert.NotEqual(ErrorCategory.NotSpecified, meaning.GetType().GetProperty("Category")!.GetValue(meaning)));
    }
}
