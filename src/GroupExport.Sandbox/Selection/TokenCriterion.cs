using System.Text.Json;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Selection;

/// <summary>A token search: <c>code</c>, <c>system|code</c>, <c>|code</c> or <c>system|</c> (http://hl7.org/fhir/R4/search.html#token).</summary>
internal sealed class TokenCriterion : ICriterion
{
    private readonly string[] _elements;
    private readonly IReadOnlyList<Token> _tokens;

    private TokenCriterion(string[] elements, IReadOnlyList<Token> tokens)
    {
        _elements = elements;
        _tokens = tokens;
    }

    public static TokenCriterion? Parse(string[] elements, IReadOnlyList<string> values)
    {
        var tokens = new List<Token>();
        foreach (var value in values)
        {
            var parts = QueryString.SplitEscaped(value, '|').Select(Unescape).ToList();
            if (parts.Count > 2 || parts.All(part => part.Length == 0))
            {
                return null;
            }

            tokens.Add(parts.Count == 1 ? new Token(null, parts[0]) : new Token(parts[0], parts[1]));
        }

        return new TokenCriterion(elements, tokens);
    }

    public bool Matches(JsonElement resource) => ElementValues.At(resource, _elements).Any(MatchesValue);

    private bool MatchesValue(JsonElement value)
    {
        switch (value.ValueKind)
        {
            // The system of a plain code is implied by its element, so only the code can differ.
            case JsonValueKind.String:
                return _tokens.Any(token => token.Code == value.GetString());
            case JsonValueKind.True or JsonValueKind.False:
                return _tokens.Any(token => token.Code == (value.GetBoolean() ? "true" : "false"));
            case JsonValueKind.Object when value.TryGetProperty("coding", out var codings) && codings.ValueKind == JsonValueKind.Array:
                return codings.EnumerateArray().Any(MatchesCoding);
            case JsonValueKind.Object:
                return MatchesCoding(value);
            default:
                return false;
        }
    }

    // A Coding has a code where an Identifier has a value.
    private bool MatchesCoding(JsonElement coding)
    {
        var system = Text(coding, "system");
        var code = Text(coding, "code") ?? Text(coding, "value");
        return _tokens.Any(token => token.Matches(system, code));
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Unescape(string part) =>
        part.Replace("\\,", ",", StringComparison.Ordinal).Replace("\\|", "|", StringComparison.Ordinal).Replace("\\$", "$", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    /// <param name="System">Null when any system will do; empty when there must be none.</param>
    /// <param name="Code">Empty when any code of the system will do.</param>
    private sealed record Token(string? System, string Code)
    {
        public bool Matches(string? system, string? code) =>
            (System is null || System == (system ?? "")) && (Code.Length == 0 || Code == code);
    }
}
