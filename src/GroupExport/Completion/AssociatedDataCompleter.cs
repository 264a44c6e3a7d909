using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GroupExport.Completion;

/// <summary>Completes the presets of the standard (Bulk Data Access, "includeAssociatedData"); a server's own, which begin with <c>_</c>, can be typed.</summary>
public sealed class AssociatedDataCompleter : IArgumentCompleter
{
    private static readonly (string Code, string Meaning)[] s_presets =
    [
        ("LatestProvenanceResources", "The newest Provenance of each resource"),
        ("RelevantProvenanceResources", "All Provenance of each resource"),
    ];

    /// <summary>The presets that begin with what was typed.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        TypedWord word = new(wordToComplete, commandAst);
        return s_presets
            .Where(preset => preset.Code.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(preset => word.Offer(0, preset.Code, preset.Code, preset.Meaning))
            .OfType<CompletionResult>();
    }
}
