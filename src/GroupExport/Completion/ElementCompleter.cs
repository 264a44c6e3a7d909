using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using GroupExport.Fhir;

namespace GroupExport.Completion;

/// <summary>
/// Completes <c>-Element</c>: <c>Type.</c> and then its root elements, or an element alone, which means each type: those of the types in <c>-Type</c>,
/// else those that every resource has.
/// </summary>
public sealed class ElementCompleter : IArgumentCompleter
{
    /// <summary>What can follow on what was typed.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        TypedWord word = new(wordToComplete, commandAst);
        IReadOnlyList<string> chosen = ChosenTypes.In(fakeBoundParameters);
        int dot = word.Text.IndexOf('.', StringComparison.Ordinal);
        IEnumerable<CompletionResult?> offers = dot < 0 ? [.. Alone(word, chosen), .. Types(word, chosen)] : OfType(word, dot);
        return offers.OfType<CompletionResult>();
    }

    private static IEnumerable<CompletionResult?> Alone(TypedWord word, IReadOnlyList<string> chosen) =>
        (chosen.Count > 0 ? chosen.SelectMany(RootElements.Of).Distinct() : RootElements.Common)
            .Where(element => element.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(element => word.Offer(0, element, element, $"{element} of each type that has it"));

    private static IEnumerable<CompletionResult?> Types(TypedWord word, IReadOnlyList<string> chosen) =>
        (chosen.Count > 0 ? chosen : ResourceTypes.All)
            .Where(type => type.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(type => word.Offer(0, type + ".", type, $"One element of {type}"));

    private static IEnumerable<CompletionResult?> OfType(TypedWord word, int dot) =>
        ResourceTypes.Find(word.Text[..dot]) is { } type
            ? RootElements.Of(type)
                .Where(element => element.StartsWith(word.Text[(dot + 1)..], StringComparison.OrdinalIgnoreCase))
                .Select(element => word.Offer(0, $"{type}.{element}", element, $"{element} of {type}"))
            : [];
}
