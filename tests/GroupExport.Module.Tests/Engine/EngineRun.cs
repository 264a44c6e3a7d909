using System.Management.Automation;

namespace GroupExport.ModuleTests.Engine;

/// <summary>All that came of running a script.</summary>
public sealed record EngineRun(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<string> Debug,
    IReadOnlyList<string> Information,
    IReadOnlyList<ProgressRecord> Progress,
    ErrorRecord? Terminating)
{
    /// <summary>Every error, the one that ended the script included.</summary>
    public IReadOnlyList<ErrorRecord> AllErrors => Terminating is null ? Errors : [.. Errors, Terminating];

    /// <summary>The one error that came.</summary>
    public ErrorRecord Error => Assert.Single(AllErrors);

    /// <summary>The property of the one object that came out.</summary>
    public object? Value(string property)
    {
        AssertNoErrors();
        return Assert.Single(Output).Properties[property].Value;
    }

    /// <summary>Fails with the errors' texts when there are any.</summary>
    public EngineRun AssertNoErrors()
    {
        Assert.True(AllErrors.Count == 0, string.Join(Environment.NewLine, AllErrors.Select(error => $"{error.FullyQualifiedErrorId}: {error}")));
        return this;
    }
}
