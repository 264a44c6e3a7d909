using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using GroupExport.Fhir;

namespace GroupExport.Completion;

/// <summary>Completes the names of R4 resource types.</summary>
public sealed class ResourceTypeCompleter : IArgumentCompleter
{
    /// <summary>The types that begin with, or match, what was typed.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = new(wordToComplete.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return ResourceTypes.All
            .Where(pattern.IsMatch)
            .Select(name => new CompletionResult(name, name, CompletionResultType.ParameterValue, $"FHIR R4 resource type {name}"));
    }
}
