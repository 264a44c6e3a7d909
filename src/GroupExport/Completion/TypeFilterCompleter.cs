using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using GroupExport.Fhir;

namespace GroupExport.Completion;

/// <summary>
/// Completes <c>-TypeFilter</c>: the type (of those in <c>-Type</c>, if any), and behind <c>?</c> and <c>&amp;</c> the names of its search parameters,
/// its own first. Values are left to the user.
/// </summary>
public sealed class TypeFilterCompleter : IArgumentCompleter
{
    /// <summary>What can follow on what was typed.</summary>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        TypedWord word = new(wordToComplete, commandAst);
        int mark = word.Text.IndexOf('?', StringComparison.Ordinal);
        IEnumerable<CompletionResult?> offers = mark < 0 ? Types(word, ChosenTypes.In(fakeBoundParameters)) : Parameters(word, mark);
        return offers.OfType<CompletionResult>();
    }

    private static IEnumerable<CompletionResult?> Types(TypedWord word, IReadOnlyList<string> chosen) =>
        (chosen.Count > 0 ? chosen : ResourceTypes.All)
            .Where(type => type.StartsWith(word.Text, StringComparison.OrdinalIgnoreCase))
            .Select(type => word.Offer(0, type + "?", type, $"{type} resources that a search finds, such as {type}?_lastUpdated=ge2026-01-01"));

    private static IEnumerable<CompletionResult?> Parameters(TypedWord word, int mark)
    {
        int start = word.Text.LastIndexOfAny(['?', '&']) + 1;
        string begun = word.Text[start..];
        string? type = ResourceTypes.Find(word.Text[..mark]);
        if (type is null || begun.Contains('='))
        {
            return [];
        }

        return SearchParameters.Of(type)
            .Where(name => name.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
            .Select(name => word.Offer(start, name + "=", name, $"{type} by {name}{Hint(SearchParameters.KindOf(type, name))}"));
    }

    // FHIR R4, search, "Search Parameter Types".
    private static string Hint(string? kind) => kind switch
    {
        "composite" => ": values joined with $",
        "date" => ": a date or instant, such as ge2026-01-01",
        "number" => ": a number, such as gt5",
        "quantity" => ": a quantity, such as gt5.4|http://unitsofmeasure.org|mg",
        "reference" => ": a reference, such as Type/id",
        "string" => ": text as it begins, whatever its case",
        "token" => ": a code, or system|code",
        "uri" => ": a URI in full",
        _ => "",
    };
}
