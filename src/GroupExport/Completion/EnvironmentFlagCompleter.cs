using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GroupExport.Completion;

/// <summary>Completes the environments that Redox names in its reference; others can be typed.</summary>
public sealed class EnvironmentFlagCompleter : IArgumentCompleter
{
    private static readonly string[] s_flags = ["Development", "Staging", "Production"];

    /// <summary>The flags that begin with what was typed.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        s_flags
            .Where(flag => flag.StartsWith(wordToComplete.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
            .Select(flag => new CompletionResult(flag, flag, CompletionResultType.ParameterValue, $"Redox environment {flag}"));
}
