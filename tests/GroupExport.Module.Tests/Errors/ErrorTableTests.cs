using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Errors;

/// <summary>Every kind of failure has a category and an action.</summary>
public sealed class ErrorTableTests : IDisposable
{
    private readonly EngineRunspace _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Every_kind_of_failure_has_a_row_and_no_row_is_left_over()
    {
        ErrorTable table = ErrorTable.Read(_engine);

        Assert.Equal(table.Kinds.Order(), table.Categories.Keys.Order());
        Assert.All(table.Categories.Values, category => Assert.NotEqual("NotSpecified", category));
    }
}
