using System.Management.Automation;
using System.Management.Automation.Language;

namespace GroupExport.Completion;

/// <summary>
/// The word that the user wants completed. PowerShell gives it without its escapes but between quotes if it stands in some; what is offered stands between
/// the same, so that <c>&amp;</c>, <c>$</c> and the quotes themselves stay part of the word.
/// </summary>
internal sealed class TypedWord
{
    // What a word may hold that stands in no quotes; anything else is put into quotes rather than judged.
    private const string Plain = "_-./?=:";

    private readonly char _quote;
    private readonly CommandAst _command;

    public TypedWord(string wordToComplete, CommandAst command)
    {
        _command = command;
        _quote = wordToComplete is ['\'' or '"', ..] ? wordToComplete[0] : default;
        Text = _quote == default ? wordToComplete : wordToComplete[1..];
        if (_quote != default && Text.EndsWith(_quote))
        {
            Text = Text[..^1];
        }
    }

    /// <summary>What was typed, without the quotes.</summary>
    public string Text { get; }

    /// <summary>Offers a word.</summary>
    /// <param name="start">How much of <see cref="Text"/> stays.</param>
    /// <param name="addition">What follows on it: letters, digits and <c>_ - . / ? = :</c> only.</param>
    /// <param name="shown">What stands in the list.</param>
    /// <param name="tooltip">What it is.</param>
    /// <returns>Null when what stays holds a variable or an expression whose place in the word cannot be found: it must not be lost.</returns>
    public CompletionResult? Offer(int start, string addition, string shown, string tooltip) =>
        Written(start) is { } kept ? new CompletionResult(Closed(kept, addition), shown, CompletionResultType.ParameterValue, tooltip) : null;

    private string Closed(string kept, string addition) => _quote == default && !IsPlain(kept)
        ? $"'{CodeGeneration.EscapeSingleQuotedStringContent(kept)}{addition}'"
        : _quote == default ? kept + addition : $"{_quote}{kept}{addition}{_quote}";

    private string? Written(int start) => _quote switch
    {
        '\'' => CodeGeneration.EscapeSingleQuotedStringContent(Text[..start]),
        '"' => WrittenWithVariables(start),
        _ => Text[..start],
    };

    // PowerShell has put the values of variables in their places. What the user wrote stands in the command's syntax tree.
    private string? WrittenWithVariables(int start)
    {
        ExpandableStringExpressionAst[] expandable =
            [.. _command.FindAll(node => node is ExpandableStringExpressionAst { NestedExpressions.Count: > 0 }, searchNestedScriptBlocks: false).Cast<ExpandableStringExpressionAst>()];
        if (expandable.Length == 0)
        {
            return Text[..start].Replace("`", "``", StringComparison.Ordinal).Replace("$", "`$", StringComparison.Ordinal).Replace("\"", "`\"", StringComparison.Ordinal);
        }

        string tail = Text[start..];
        string[] written =
        [
            .. expandable.Select(node => node.Extent.Text[1..].TrimEnd('"'))
                .Where(text => text.EndsWith(tail, StringComparison.Ordinal)),
        ];
        return written.Length == 1 ? written[0][..^tail.Length] : null;
    }

    private static bool IsPlain(string text) => text.All(character => char.IsAsciiLetterOrDigit(character) || Plain.Contains(character));
}
