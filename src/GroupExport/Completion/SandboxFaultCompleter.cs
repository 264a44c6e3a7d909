using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using GroupExport.Sandbox;

namespace GroupExport.Completion;

/// <summary>Completes the faults of the practice server; <c>=count</c> is typed behind them.</summary>
public sealed class SandboxFaultCompleter : IArgumentCompleter
{
    /// <summary>The faults whose names hold what was typed.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Enum.GetNames<SandboxFault>()
            .Where(name => name.Contains(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name, name, CompletionResultType.ParameterValue, name));
}
